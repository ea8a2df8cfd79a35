#!/usr/bin/env bash
# Installs the distribution's packages that the hotline, its tests and its demo
# need. Asks nothing, repeats safely, and answers at once when all is there.
# No system service is started and no database cluster is made: the hotline
# runs private instances of its own.
set -euo pipefail

say() { printf 'set-up: %s\n' "$*" >&2; }
die() {
	printf 'set-up: %s\n  what to do: %s\n' "$1" "$2" >&2
	exit 1
}

wanted=(
	ca-certificates curl make git gcc libc6-dev # building, and the race detector
	postgresql-15 redis-server # the private stack
	debootstrap                # brings the switch (asterisk/install.sh)
	chromium fonts-noto-cjk    # printing, browser tests; Chinese text in both
	poppler-utils              # tests read printed papers back
	sip-tester sox             # an independent SIP peer, and sound measuring
)

missing=()
for package in "${wanted[@]}"; do
	case $package in
	postgresql-15)
		# Any PostgreSQL from 15 on will do.
		for major in /usr/lib/postgresql/*/bin/initdb; do
			[ -x "$major" ] || continue
			major=${major#/usr/lib/postgresql/}
			if [ "${major%%/*}" -ge 15 ]; then continue 2; fi
		done
		;;
	esac
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

[ "$(id -u)" = 0 ] ||
	die "these packages are missing: ${missing[*]}" "run once: sudo $(cd "$(dirname "$0")" && pwd)/$(basename "$0")"

# Packages start their services through policy-rc.d; 101 forbids it.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	printf '#!/bin/sh\nexit 101\n' >$policy
	chmod 755 $policy
	trap 'rm -f $policy' EXIT
fi
# postgresql-common makes a "main" cluster unless told not to beforehand.
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
	mkdir -p /etc/postgresql-common
	echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
fi

export DEBIAN_FRONTEND=noninteractive
options=(-y --no-install-recommends -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold)
say "installing ${missing[*]}"
if ! apt-cache show "${missing[@]}" >/dev/null 2>&1; then
	say "reading the package lists"
	apt-get update -q >&2 || die "apt-get update failed" "check the network and /etc/apt/sources.list*, then run again"
fi
apt-get install -q "${options[@]}" "${missing[@]}" >&2 || {
	# The lists may be older than the mirror's files.
	apt-get update -q >&2 || true
	apt-get install -q "${options[@]}" "${missing[@]}" >&2 ||
		die "apt-get could not install ${missing[*]}" "read the lines above, mend the package system (apt-get -f install), then run again"
}
say "packages are ready"
