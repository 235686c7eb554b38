#!/bin/sh
# What every command in the container starts with: see that the volume can be
# written, then become the command.
set -eu
data=${SONG2017_DATA:-/data}

for folder in cache runs studies report results; do
    if ! reason=$(mkdir -p "$data/$folder" 2>&1) \
            || ! [ -w "$data/$folder" ]; then
        echo "song2017: error: expected $data to be writable for user" \
             "$(id -u), but $data/$folder is not${reason:+ ($reason)}: mount" \
             "a folder of yours with --user \"\$(id -u):\$(id -g)\", or a" \
             "volume of its own" >&2
        exit 1
    fi
done

if ! grep -q " $data " /proc/self/mountinfo; then
    echo "song2017: no volume is mounted at $data: results will go with this" \
         "container" >&2
fi
# The cuda image's: with --gpus all the GPU is what is meant; --device cpu
# still has its say.
if [ -n "${SONG2017_GPU:-}" ] && [ -e "$SONG2017_GPU" ]; then
    export SONG2017_DEVICE="${SONG2017_DEVICE:-cuda0}"
fi
exec "$@"
