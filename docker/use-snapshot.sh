#!/bin/sh
# use-snapshot.sh STAMP: let apt take Debian's packages as they were at STAMP
# (20261121T000000Z) instead of today's; nothing changes without one.
set -eu
stamp=${1:-}
sources=${SOURCES:-/etc/apt/sources.list.d/debian.sources}
[ -n "$stamp" ] || exit 0
case $stamp in
    [0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]T[0-9][0-9][0-9][0-9][0-9][0-9]Z) ;;
    *) echo "use-snapshot.sh: error: expected a stamp like" \
            "20261121T000000Z, got '$stamp'" >&2
       exit 2 ;;
esac
archive=http://snapshot.debian.org/archive
# What a snapshot signed has expired since, hence Check-Valid-Until.
sed -i -E \
    -e "s|^URIs: .*/(debian(-security)?)/?$|URIs: $archive/\1/$stamp|" \
    -e 's|^(Types: deb)$|\1\nCheck-Valid-Until: no|' "$sources"
