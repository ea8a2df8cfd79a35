#!/usr/bin/env bash
# Puts the telephone switch (Asterisk 22.10 or newer) and espeak-ng 1.52 on this
# machine and prints the folder they live in, as the only line on stdout.
#
# Where the distribution itself has a new enough Asterisk, that one is installed
# and the folder is "/". Elsewhere Debian forky's packages are laid out in a
# folder of their own, ${HOTLINE_CACHE:-/var/cache/hotline}/asterisk-VERSION;
# nothing of the machine's own system is touched. The folder is built beside and
# renamed, so that an interrupted run leaves nothing half done. Safe to repeat;
# a second run answers at once.
set -euo pipefail

suite=forky
wanted=22.10
wanted_speech=1.52
cache=${HOTLINE_CACHE:-/var/cache/hotline}
self=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/$(basename "${BASH_SOURCE[0]}")

say() { printf '%s\n' "$*" >&2; }
die() {
	say "asterisk/install.sh: $1"
	say "  what to do: $2"
	exit 1
}

# at_least VERSION LIMIT: is VERSION the LIMIT or newer?
at_least() { dpkg --compare-versions "$1" ge "$2"; }

# bare VERSION: 1:22.10.1~dfsg+~cs6.15-1 → 22.10.1
bare() { sed -E 's/^[0-9]+://; s/^([0-9]+(\.[0-9]+)*).*/\1/' <<<"$1"; }

installed_folder() {
	local dir version best=
	for dir in "$cache"/asterisk-*/; do
		dir=${dir%/}
		[ -x "$dir/usr/sbin/asterisk" ] && [ -e "$dir/.complete" ] || continue
		version=${dir##*/asterisk-}
		at_least "$version" "$wanted" || continue
		if [ -z "$best" ] || at_least "$version" "${best##*/asterisk-}"; then best=$dir; fi
	done
	[ -n "$best" ] && printf '%s\n' "$best"
}

# The distribution's own packages serve only if both are new enough.
distribution_has() {
	local field=$1 package version
	for package in asterisk:$wanted espeak-ng:$wanted_speech; do
		version=$(LC_ALL=C apt-cache policy "${package%%:*}" 2>/dev/null | awk -v f="$field:" '$1 == f {print $2}')
		[ -n "$version" ] && [ "$version" != "(none)" ] || return 1
		at_least "$(bare "$version")" "${package##*:}" || return 1
	done
}

# The mirrors of this machine's own package sources, best guess first: one
# that serves Debian's main archive also serves its next release.
mirrors() {
	LC_ALL=C apt-get indextargets --format '$(SITE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
		awk '{print $2}' | sed 's:/*$::' | sort -u |
		awk '/security/ {late[++n] = $0; next} {print} END {for (i = 1; i <= n; i++) print late[i]}'
}

find_mirror() {
	local mirror probe
	probe=$(mktemp -d)
	for mirror in $(mirrors); do
		if /usr/lib/apt/apt-helper download-file "$mirror/dists/$suite/InRelease" "$probe/InRelease" >/dev/null 2>&1; then
			rm -rf "$probe"
			printf '%s\n' "$mirror"
			return 0
		fi
	done
	rm -rf "$probe"
	return 1
}

if dir=$(installed_folder); then
	printf '%s\n' "$dir"
	exit 0
fi
command -v apt-get >/dev/null ||
	die "this machine has no apt-get, and no Asterisk $wanted was found" \
		"install Asterisk $wanted or newer and espeak-ng $wanted_speech by hand, then set HOTLINE_SWITCH_DIR=/"
if distribution_has Installed; then
	printf '/\n'
	exit 0
fi
[ "$(id -u)" = 0 ] ||
	die "the telephone switch is not installed, and installing it needs root" "run once: sudo $self"

if distribution_has Candidate; then
	say "switch: installing the distribution's own Asterisk"
	export DEBIAN_FRONTEND=noninteractive
	# Nothing the packages bring may start as a system service.
	policy=/usr/sbin/policy-rc.d
	if [ ! -e $policy ]; then
		printf '#!/bin/sh\nexit 101\n' >$policy
		chmod 755 $policy
		trap 'rm -f $policy' EXIT
	fi
	apt-get install -y --no-install-recommends asterisk asterisk-modules espeak-ng >&2 ||
		die "apt-get could not install asterisk" "read the lines above; then run $self again"
	printf '/\n'
	exit 0
fi

command -v debootstrap >/dev/null || {
	say "switch: installing debootstrap"
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends debootstrap >&2 ||
		die "apt-get could not install debootstrap" "run: apt-get update && apt-get install debootstrap"
}

mkdir -p "$cache"
chmod 755 "$cache"
# One installer at a time: a second one waits, then finds the folder ready.
exec 9>"$cache/.install.lock"
flock -n 9 || {
	say "switch: another installation is under way, waiting for it"
	flock 9
}
if dir=$(installed_folder); then
	printf '%s\n' "$dir"
	exit 0
fi

say "switch: looking for Debian $suite on this machine's own package mirrors"
mirror=$(find_mirror) ||
	die "none of this machine's package mirrors serves Debian $suite" \
		"check the network and /etc/apt/sources.list*, then run $self again; or set HOTLINE_SWITCH_DIR to a folder with Asterisk $wanted"

# An older debootstrap does not know the release by name; all of them are laid
# out by the same script.
scripts=/usr/share/debootstrap/scripts
[ -e "$scripts/$suite" ] || ln -s sid "$scripts/$suite"

building=$cache/.building-$$
cleanup() {
	# debootstrap leaves these mounted when it is interrupted.
	for mount in proc sys dev/pts dev; do umount "$building/$mount" 2>/dev/null || true; done
	rm -rf "$building"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

say "switch: laying out Asterisk and espeak-ng (about 550 MB, a minute or two)"
log=$cache/install.log
debootstrap --variant=minbase --include=asterisk,asterisk-modules,espeak-ng \
	"$suite" "$building" "$mirror" >"$log" 2>&1 9>&- &
job=$!
trap 'kill $job 2>/dev/null; exit 130' INT TERM
started=$SECONDS
while kill -0 $job 2>/dev/null; do
	sleep 1
	if (((SECONDS - started) % 5 == 0)); then
		say "switch: $((SECONDS - started)) s, $(tail -n 1 "$log" | cut -c1-90)"
	fi
done
wait $job || {
	tail -n 15 "$log" >&2
	die "debootstrap failed (whole log: $log)" "check disk space ($(df -h --output=avail "$cache" | tail -n 1 | tr -d ' ') free) and network, then run $self again"
}

rm -rf "$building"/var/cache/apt/archives/*.deb "$building"/var/lib/apt/lists/*
version=$(bare "$(dpkg-query --admindir="$building/var/lib/dpkg" -W -f '${Version}' asterisk)")
at_least "$version" "$wanted" ||
	die "the mirror's Asterisk is $version, older than $wanted" "use a mirror that is up to date"
speech=$(bare "$(dpkg-query --admindir="$building/var/lib/dpkg" -W -f '${Version}' espeak-ng)")
at_least "$speech" "$wanted_speech" ||
	die "the mirror's espeak-ng is $speech, older than $wanted_speech" "use a mirror that is up to date"

chmod 755 "$building"
date -u +%FT%TZ >"$building/.complete"
mv -T "$building" "$cache/asterisk-$version"
trap - EXIT
say "switch: Asterisk $version and espeak-ng $speech are in $cache/asterisk-$version"
printf '%s\n' "$cache/asterisk-$version"
