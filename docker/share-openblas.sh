#!/bin/sh
# share-openblas.sh SITE-PACKAGES: let SciPy compute with scipy-openblas32,
# which Theano uses, instead of with the OpenBLAS that its wheel brings: one
# copy of 33 MB less. The two differ in the names of their functions alone, so
# in place of SciPy's comes a library of jumps. NumPy's stays: its integers
# are of 64 bits.
set -eu
cd "$1"
old=$(echo scipy.libs/libopenblasp-*.so)
new=scipy_openblas32/lib/libscipy_openblas.so
[ -f "$old" ] || { echo "share-openblas.sh: error: expected SciPy's" \
    "OpenBLAS, found no $old" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

nm -D --defined-only "$old" | awk '{ print $3 }' | sort -u >"$work/there"
find scipy -name '*.so' -exec nm -D --undefined-only {} + \
    | awk '$1 == "U" { print $2 }' | sort -u \
    | comm -12 - "$work/there" >"$work/wanted"
awk '{ printf ".globl %s\n.type %s, @function\n%s: jmp scipy_%s@PLT\n",
       $1, $1, $1, $1 }
     END { print ".section .note.GNU-stack,\"\",@progbits" }' \
    "$work/wanted" >"$work/jumps.s"
# -z defs: every function jumped to has to be there.
gcc -shared -nostdlib -o "$work/jumps.so" "$work/jumps.s" -z defs \
    -Wl,-soname,"$(basename "$old")" "$new" \
    -Wl,-rpath,"\$ORIGIN/../scipy_openblas32/lib"
mv "$work/jumps.so" "$old"
