#!/usr/bin/env bash
# Brings what building and testing need besides the distribution's packages: Go
# modules, the linter, the front end's packages. Safe to repeat, and quick when
# all is there. With "test" as its argument it also brings the linter.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
linter=v2.15.0

say() { printf 'set-up: %s\n' "$*" >&2; }
die() {
	printf 'set-up: %s\n  what to do: %s\n' "$1" "$2" >&2
	exit 1
}

# at_least VERSION LIMIT: is VERSION the LIMIT or newer?
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# Go. A toolchain from 1.21 on brings the one that go.mod names by itself.
command -v go >/dev/null || die "Go is not installed" "install Go 1.26 or newer (https://go.dev/dl) so that 'go' is in PATH"
version=$(go env GOVERSION 2>/dev/null | sed 's/^go//')
at_least "${version:-0}" 1.21 || die "Go ${version:-of unknown version} is too old" "install Go 1.26 or newer (https://go.dev/dl)"

stamp=$root/.run/stamps
mkdir -p "$stamp"
fresh() { [ -e "$stamp/$1" ] && [ "$(cat "$stamp/$1")" = "$2" ]; }

sum=$(cat "$root/go.mod" "$root/go.sum" | sha256sum | cut -d' ' -f1)
if ! fresh go-modules "$sum"; then
	say "Go modules"
	(cd "$root" && go mod download) || die "the Go modules could not be fetched" "check the network and 'go env GOPROXY', then run again"
	echo "$sum" >"$stamp/go-modules"
fi

# The front end.
if [ -e "$root/web/ui/package-lock.json" ]; then
	command -v npm >/dev/null || die "Node.js is not installed" "install Node.js 20.19 or newer with npm (https://nodejs.org)"
	node=$(node --version | sed 's/^v//')
	at_least "$node" 20.19 || die "Node.js $node is too old" "install Node.js 20.19 or newer (https://nodejs.org)"
	sum=$(sha256sum <"$root/web/ui/package-lock.json" | cut -d' ' -f1)
	if ! fresh npm "$sum" || [ ! -d "$root/web/ui/node_modules" ]; then
		say "front-end packages"
		(cd "$root/web/ui" && npm ci --no-progress >&2) || die "the front-end packages could not be fetched" "check the network and 'npm config get registry', then run again"
		echo "$sum" >"$stamp/npm"
	fi
fi

[ "${1:-}" = test ] || exit 0

# The linter, in the version the code is clean with.
bin=${HOTLINE_CACHE:-/var/cache/hotline}/bin
mkdir -p "$bin" 2>/dev/null && [ -w "$bin" ] || bin=$root/.run/bin
mkdir -p "$bin"
if [ ! -x "$bin/golangci-lint-$linter" ]; then
	say "golangci-lint $linter (compiled once, a few minutes)"
	building=$(mktemp -d "$bin/.building-XXXXXX")
	trap 'rm -rf "$building"' EXIT
	GOBIN=$building go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$linter" ||
		die "golangci-lint could not be built" "check the network, then run again"
	mv "$building/golangci-lint" "$bin/golangci-lint-$linter"
fi
printf '%s\n' "$bin/golangci-lint-$linter"
