#!/usr/bin/env bash
set -euo pipefail

usage() {
    cat <<'TEXT'
docker/base.sh [--engine docker|podman|buildah] [--mirror URL]

Makes the image that Dockerfile starts from, under its very name, by
debootstrap: for machines that reach Debian's packages but no image registry.
It holds today's Debian 12 packages, not those of the day in its name. Wants
root and debootstrap.
TEXT
}

die() {
    echo "base.sh: error: $*" >&2
    exit "${code:-1}"
}

engine=docker mirror=http://deb.debian.org
while [ $# -gt 0 ]; do
    case $1 in
        --help|-h) usage; exit ;;
        --engine|--mirror)
            [ $# -gt 1 ] || code=2 die "$1: expected a value"
            declare "${1#--}=$2"; shift 2 ;;
        *) code=2 die "unknown option '$1', see --help" ;;
    esac
done
case $engine in
    docker|podman|buildah) ;;
    *) code=2 die "--engine: expected docker, podman or buildah," \
                  "got '$engine'" ;;
esac
for tool in "$engine" debootstrap; do
    command -v "$tool" >/dev/null || die "expected $tool, found none"
done
[ "$(id -u)" = 0 ] || die "debootstrap wants root: sudo $0"

top=$(cd "$(dirname "$0")/.." && pwd)
name=docker.io/library/$(sed -n 's/^FROM \(debian:[^ ]*\).*/\1/p' \
    "$top/Dockerfile")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
debootstrap --variant=minbase bookworm "$work/root" "$mirror/debian"
rm -rf "$work"/root/{etc/apt/sources.list,var/cache/apt/archives/*.deb} \
    "$work"/root/var/lib/apt/lists/* "$work"/root/usr/share/{doc,man,locale}/*
cat >"$work/root/etc/apt/sources.list.d/debian.sources" <<TEXT
Types: deb
URIs: $mirror/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: $mirror/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
TEXT
tar -C "$work/root" --numeric-owner -cf "$work/base.tar" .
if [ "$engine" = buildah ]; then
    container=$(buildah from scratch)
    trap 'buildah rm "$container" >/dev/null; rm -rf "$work"' EXIT
    buildah add --quiet "$container" "$work/base.tar" /
    buildah config --cmd bash "$container"
    buildah commit --quiet "$container" "$name"
else
    "$engine" import "$work/base.tar" "$name"
fi
echo "$name: made"
