#!/usr/bin/env bash
set -euo pipefail

usage() {
    cat <<'TEXT'
docker/build.sh [OPTIONS] [-- OPTIONS OF THE ENGINE'S BUILD]

Builds the image song2017:cpu (or song2017:cuda) from this checkout, runs
doctor.py and tests in it, and prints its size and the time it took.

    --target cpu|cuda   which one (default: cpu)
    --engine NAME       docker, podman or buildah (default: the first of them
                        that is here and runs)
    --tag NAME          another name for the image
    --snapshot STAMP    Debian's packages as they were then (20261121T000000Z),
                        for when the versions pinned in Dockerfile are no
                        longer served
    --all               run the whole test suite in it, not a few minutes' part
    --no-tests          only doctor.py

Tests run in an image of their own, TAG-tests, which is the one built and the
test suite. What is in it is tested on the CPU: a GPU is not needed.
TEXT
}

die() {
    echo "build.sh: error: $*" >&2
    exit "${code:-1}"
}

target=cpu engine='' tag='' snapshot='' tests=some
while [ $# -gt 0 ]; do
    case $1 in
        --help|-h) usage; exit ;;
        --target|--engine|--tag|--snapshot)
            [ $# -gt 1 ] || code=2 die "$1: expected a value"
            declare "${1#--}=$2"; shift 2 ;;
        --all) tests=all; shift ;;
        --no-tests) tests=none; shift ;;
        --) shift; break ;;
        *) code=2 die "unknown option '$1', see --help" ;;
    esac
done
case $target in
    cpu|cuda) ;;
    *) code=2 die "--target: expected cpu or cuda, got '$target'" ;;
esac
tag=${tag:-song2017:$target}

case $engine in
    ''|docker|podman|buildah) ;;
    *) code=2 die "--engine: expected docker, podman or buildah," \
                  "got '$engine'" ;;
esac

# A client alone is not enough: docker's needs the engine behind it.
for candidate in ${engine:-docker podman buildah}; do
    if "$candidate" info >/dev/null 2>&1; then
        found=$candidate
        break
    fi
done
[ -n "${found:-}" ] || die "expected ${engine:-docker, podman or buildah}" \
    "to be here and to run, but it does not"
engine=$found

top=$(cd "$(dirname "$0")/.." && pwd)
# A checkout without its repository (an archive) builds, without a commit.
commit=$(git -C "$top" describe --always --dirty --abbrev=40 '--exclude=*' \
    2>/dev/null || true)

# build TARGET TAG [OPTION...]
build() {
    local to=$1 name=$2
    shift 2
    case $engine in
        buildah) set -- bud --isolation chroot --layers "$@" ;;
        *) set -- build "$@" ;;
    esac
    "$engine" "$@" --target "$to" --tag "$name" \
        --build-arg "COMMIT=$commit" --build-arg "SNAPSHOT=$snapshot" \
        --build-arg "TESTED=$target" "$top"
}

# run TAG COMMAND...: in a fresh container, with nothing mounted.
container=''
run() {
    local name=$1 status=0
    shift
    if [ "$engine" != buildah ]; then
        "$engine" run --rm "$name" "$@"
        return
    fi
    container=$(buildah from --pull-never "$name")
    # buildah run goes past the entry point.
    buildah run --isolation chroot "$container" -- \
        /song2017/docker/entrypoint.sh "$@" || status=$?
    buildah rm "$container" >/dev/null
    container=''
    return "$status"
}
trap '[ -z "$container" ] || buildah rm "$container" >/dev/null' EXIT

start=$SECONDS
build "$target" "$tag" "$@"
seconds=$((SECONDS - start))
size=$("$engine" images --format '{{.Size}}' "$tag")
run "$tag" python doctor.py

if [ "$tests" != none ]; then
    build tests "$tag-tests" "$@"
    # The pytest of pytest.ini; without a cache, as the code is read-only.
    words=(python -m pytest -p no:cacheprovider)
    if [ "$tests" = some ]; then
        words+=(tests/test_doctor.py tests/test_environment.py
                tests/test_data_catalogue.py tests/test_network_functions.py
                tests/test_ops_convolution.py tests/test_training_files.py)
    fi
    run "$tag-tests" "${words[@]}"
fi
echo "$tag: built in $seconds s by $engine, $size"
