#!/usr/bin/env bash
set -euo pipefail

usage() {
    cat <<'TEXT'
docker/check-bundle.sh ARCHIVE [--mirror URL] [--root DIR]

Tries the offline bundle where there is nothing else: in a Debian 12 of
debootstrap's with g++ and its C library, without Python, without a network,
as a user without rights. Runs doctor.py, a training and an attack on digits,
builds the kernels of a training on the stand-in for NVIDIA's driver, and
looks whether a missing compiler is told in one line. Wants root.

    --mirror URL  of Debian's packages (default: http://deb.debian.org/debian)
    --root DIR    a folder to keep that Debian in, for the next time
TEXT
}

die() {
    echo "check-bundle.sh: error: $*" >&2
    exit "${code:-1}"
}

archive='' mirror=http://deb.debian.org/debian root=''
while [ $# -gt 0 ]; do
    case $1 in
        --help|-h) usage; exit ;;
        --mirror|--root)
            [ $# -gt 1 ] || code=2 die "$1: expected a value"
            declare "${1#--}=$2"; shift 2 ;;
        -*) code=2 die "unknown option '$1', see --help" ;;
        *) archive=$1; shift ;;
    esac
done
[ -n "$archive" ] || code=2 die "expected the bundle's archive, see --help"
[ -f "$archive" ] || die "expected an archive, found no $archive"
for tool in debootstrap unshare chroot; do
    command -v "$tool" >/dev/null || die "expected $tool, found none"
done
[ "$(id -u)" = 0 ] || die "chroot wants root: sudo $0"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=${root:-$work/root}
[ -x "$root/usr/bin/g++" ] || debootstrap --variant=minbase --include=g++ \
    bookworm "$root" "$mirror" >"$work/log" || die "$(tail -n 1 "$work/log")"
rm -rf "$root/home/guest"
install -d -o 65534 -g 65534 "$root/home/guest"
tar -C "$root/home/guest" -xf "$archive"

# Not in the bundle: the stand-ins, and what builds kernels on them.
install -d "$root/home/guest/song2017/code/tests"
cp -r "$(dirname "$0")/../tests/standin_cuda" \
    "$root/home/guest/song2017/code/tests/"
# All of that Debian's programs but for one.
rm -rf "$root/opt/no-compiler"
install -d "$root/opt/no-compiler"
find "$root/usr/bin" -mindepth 1 ! -name g++ -printf '/usr/bin/%f\0' \
    | xargs -0 ln -s -t "$root/opt/no-compiler"

cat >"$root/home/guest/check.sh" <<'TEXT'
set -eux
cd /home/guest
song2017/run doctor.py
song2017/run mnist_cnn.py --dataset digits --epochs 5 --out runs/std
song2017/run test1.py --models runs/std --samples 4

mkdir standin
standin=song2017/code/tests/standin_cuda
gcc -shared -fPIC -Wl,-soname,libcuda.so.1 -o standin/libcuda.so.1 \
    $standin/driver.c
gcc -shared -fPIC -Wl,-soname,libcublas.so.12 -o standin/libcublas.so.12 \
    $standin/cublas.c
LD_LIBRARY_PATH=$PWD/standin song2017/run $standin/build.py float32 training

PATH=/opt/no-compiler song2017/run mnist_cnn.py --dataset digits --out no \
    2>complaint && exit 1
test "$(wc -l <complaint)" = 1
grep 'error: expected a C++ compiler, found no g++' complaint
TEXT
echo "== in $root: $(find "$root/usr/bin" -name 'python3*' | wc -l) Pythons"
# /proc is mounted in a namespace that ends with the command.
unshare --net --mount --pid --fork chroot "$root" /bin/sh -c '
    mount -t proc proc /proc
    exec setpriv --reuid 65534 --regid 65534 --clear-groups env -i \
        HOME=/home/guest PATH=/usr/bin:/bin sh /home/guest/check.sh'
echo "$archive: passed in an empty Debian 12"
