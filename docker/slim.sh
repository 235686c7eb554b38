#!/bin/sh
# slim.sh SITE-PACKAGES: take away what the scripts do not use: other
# packages' tests, and the copies that a wheel has where links would do.
set -eu
cd "$1"
# `import theano` imports its own tests.
find . -path ./theano -prune -o -type d -name tests -prune \
    -exec rm -rf {} +
find .. ../.. -maxdepth 1 -name 'libdnnl.so.3.*' | while read -r library; do
    folder=$(dirname "$library")
    for name in libdnnl.so.3 libdnnl.so; do
        ln -sf "$(basename "$library")" "$folder/$name"
    done
done
