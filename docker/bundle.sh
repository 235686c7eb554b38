#!/usr/bin/env bash
set -euo pipefail

usage() {
    cat <<'TEXT'
docker/bundle.sh [--out FILE] [--mnist DIR]

Makes an archive (default: song2017-bundle.tar.xz) for an x86-64 Linux host
that has an NVIDIA driver, cuBLAS and g++, but neither network nor root:
Python 3.11, everything of requirements/run.txt, pygpu, libgpuarray, NVRTC and
this checkout's committed code. There, in a folder without blanks in its path:

    tar -xf song2017-bundle.tar.xz
    song2017/run doctor.py --device cuda0
    song2017/run mnist_cnn.py --device cuda0 --temperature 20

Needed here: Debian 12 (apt-get download), Python 3.11 with venv, gcc, git, xz.

    --out FILE    the archive
    --mnist DIR   put MNIST's four files, from there, into it
    --python EXE  a Python 3.11 to install with (default: python3.11)
TEXT
}

die() {
    echo "bundle.sh: error: $*" >&2
    exit "${code:-1}"
}

out=song2017-bundle.tar.xz mnist='' python=python3.11
while [ $# -gt 0 ]; do
    case $1 in
        --help|-h) usage; exit ;;
        --out|--mnist|--python)
            [ $# -gt 1 ] || code=2 die "$1: expected a value"
            declare "${1#--}=$2"; shift 2 ;;
        *) code=2 die "unknown option '$1', see --help" ;;
    esac
done

# As in the Dockerfile; tests/test_docker.py compares them.
PYTHON=3.11.2-6+deb12u9
PACKAGES=(
    python3.11-minimal="$PYTHON" libpython3.11-minimal="$PYTHON"
    libpython3.11-stdlib="$PYTHON" libpython3.11-dev="$PYTHON"
    libgpuarray3=0.7.6-13+b1 libgpuarray-dev=0.7.6-13+b1
    python3-pygpu=0.7.6-13+b1
    # What Python's own modules load. Their versions are not pinned: they
    # change with security updates, and their interfaces do not.
    libbz2-1.0 libexpat1 libffi8 liblzma5 libssl3 libuuid1 zlib1g
)
LIBRARIES=(libbz2.so.1.0 libexpat.so.1 libffi.so.8 liblzma.so.5 libssl.so.3
           libcrypto.so.3 libuuid.so.1 libz.so.1)

top=$(cd "$(dirname "$0")/.." && pwd)
out=$(realpath -m "$out")
for tool in apt-get dpkg-deb gcc git nm strip xz "$python"; do
    command -v "$tool" >/dev/null || die "expected $tool, found none"
done
case $("$python" --version 2>&1) in
    'Python 3.11.'*) ;;
    *) die "--python: expected Python 3.11, got $("$python" --version 2>&1)" ;;
esac
[ -z "$mnist" ] || [ -d "$mnist" ] || die "--mnist: $mnist is no folder"

work=$(mktemp -d)
trap 'rm -rf "$work" "$out.half-written"' EXIT
bundle=$work/song2017
site=$bundle/usr/lib/python3.11/site-packages
mkdir -p "$bundle"/{include,lib,usr/{bin,include,lib}} "$work"/{debs,root}

echo "== Debian's packages"
(cd "$work/debs" && apt-get -q -o "APT::Sandbox::User=$(id -un)" \
    download "${PACKAGES[@]}")
for package in "$work"/debs/*.deb; do
    dpkg-deb -x "$package" "$work/root"
done
root=$work/root/usr
cp -a "$root/bin/python3.11" "$bundle/usr/bin/"
cp -a "$root/lib/python3.11" "$bundle/usr/lib/"
cp -a "$root/include/python3.11" "$bundle/usr/include/"
# Debian's leads to the one of each architecture, which is not relocatable.
cp "$root/include/x86_64-linux-gnu/python3.11/pyconfig.h" \
    "$bundle/usr/include/python3.11/"
cp -a "$root"/include/gpuarray "$bundle/include/"
cp -a "$root"/lib/libgpuarray.so* "$bundle/lib/"
for library in "${LIBRARIES[@]}"; do
    cp -L "$(find "$work/root" -name "$library" | head -n 1)" "$bundle/lib/"
done
rm -rf "$bundle"/usr/lib/python3.11/{config-*,ensurepip,idlelib,lib2to3} \
    "$bundle"/usr/lib/python3.11/{pydoc_data,turtledemo,tkinter,test}
# Theano says -lpython3.11, which the interpreter itself makes needless.
ar rc "$bundle/lib/libpython3.11.a"

echo "== Python's packages"
"$python" -m venv "$work/venv"
pip=("$work/venv/bin/pip" --disable-pip-version-check --quiet install
     --require-hashes)
"${pip[@]}" -r "$top/requirements/build.txt"
# Without the largest of what a GPU host can do without: NVIDIA's packages but
# for NVRTC, dask (reproduce.py's), oneDNN (--ops c computes on the CPU, and
# the GPU by CUDA), fontTools (for pictures as PDF), and what PASS
# (attack_bang.py's) and import_caffe.py take.
without='nvidia|onednn|dask|distributed|fonttools'
without+='|opencv|scikit-image|imageio|lazy-loader|networkx|pywavelets|tifffile'
without+='|h5py'
awk -v without="^($without)" '
    /^[a-z]/ { keep = $0 !~ without || /^nvidia-cuda-nvrtc/ } keep' \
    "$top/requirements/cuda.txt" >"$work/packages.txt"
"${pip[@]}" --no-build-isolation --no-compile --ignore-installed --no-deps \
    --prefix "$bundle/usr" -r "$work/packages.txt"
cp -a "$root/lib/python3/dist-packages/pygpu" "$site/"
sh "$top/docker/slim.sh" "$site"
sh "$top/docker/share-openblas.sh" "$site"
# What scikit-learn's digits do not need of it, and Theano's of its own tests.
for name in cluster covariance cross_decomposition decomposition ensemble \
        experimental feature_selection gaussian_process impute inspection \
        linear_model manifold metrics mixture model_selection neighbors \
        neural_network semi_supervised svm tree _loss; do
    rm -rf "${site:?}/sklearn/$name"
done
find "$site/theano" -path "$site/theano/tests" -prune -o -type d -name tests \
    -prune -exec rm -rf {} +
find "$site" -name '*.cpython-311-*.so' -exec strip --strip-debug {} +
find "$bundle" -type d -name __pycache__ -prune -exec rm -rf {} +
find "$site" \( -name '*.pyi' -o -name '*.a' \) -delete
rm -rf "${bundle:?}/usr/share" "${site:?}/bin"

echo "== our code"
git -C "$top" archive --prefix=code/ HEAD -- . ':!tests' ':!results' \
    ':!.ci' ':!weights' | tar -x -C "$bundle"
git -C "$top" rev-parse HEAD >"$bundle/code/COMMIT"
cp "$top/docker/run" "$top/LICENSE" "$bundle/"
[ -z "$mnist" ] || cp -rL "$mnist" "$bundle/mnist"
# Debian's is a link to a file of the system.
cp --remove-destination "$top/docker/sitecustomize.py" \
    "$bundle/usr/lib/python3.11/"

links=$(find "$bundle" -type l -lname '/*')
[ -z "$links" ] || die "expected no links out of the bundle, got $links"

echo "== $out"
mkdir -p "$(dirname "$out")"
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime="@$(git -C "$top" log -1 --format=%ct)" -c song2017 \
    | xz -9 -T1 >"$out.half-written"
mv "$out.half-written" "$out"
sha256sum "$out"
stat -c '%s bytes' "$out"
