#!/usr/bin/env bash
# What is to be measured on a GPU, in parts of under nine minutes each.
#
#     benchmarks/gpu.sh                      all parts, in this order
#     benchmarks/gpu.sh correctness          ops training maps epoch
#     benchmarks/gpu.sh models               std std-T20 distill
#     benchmarks/gpu.sh attacks              test1 test2 test3 test4
#     benchmarks/gpu.sh speed                speed-train speed-forward
#                                            speed-probes speed-attacks
#     benchmarks/gpu.sh ops speed-train      these two parts
#
# Every part writes into results/gpu; one that is there is skipped, one that
# ran out of its time goes on where it was when it is asked for again (exit
# code 75). Speeds want PyTorch (pip install .[bench]); NO_TORCH=1 does
# without. DEVICE=cuda1 is another GPU; DRY_RUN=1 prints the commands.
set -euo pipefail
cd "$(dirname "$0")/.."
device=${DEVICE:-cuda0}
limit=${LIMIT:-500}                    # seconds a part
results=results/gpu
runs=runs/gpu

run() {
    echo "+ $*"
    if [ -n "${DRY_RUN:-}" ]; then return; fi
    mkdir -p "$results"
    local code=0
    timeout --signal=INT --kill-after=30 "$limit" "$@" || code=$?
    case $code in
    0) ;;
    124 | 130)
        echo "out of its time: ask for the same part again to continue" >&2
        exit 75 ;;
    *) exit "$code" ;;
    esac
}

# What a run leaves, copied whole or not at all.
keep() {
    if [ -n "${DRY_RUN:-}" ]; then return; fi
    local name=$1; shift
    rm -rf "$results/.$name" && mkdir "$results/.$name"
    (cd "$runs/$name" && cp "$@" "$OLDPWD/$results/.$name")
    mv "$results/.$name" "$results/$name"
}

train() {
    local name=$1 script=$2; shift 2
    if [ -e "$runs/$name/run.json" ]; then
        run python mnist_cnn.py --resume "$runs/$name" --device "$device"
    else
        run python "$script" --device "$device" --dataset mnist \
            --out "$runs/$name" "$@"
    fi
    keep "$name" run.json history.csv curve.png
}

attack() {
    local name=$1; shift
    run python "$name.py" --device "$device" --models "$runs/std" \
        "$runs/std-T20" "$runs/distill" --out "$runs/$name" "$@"
    keep "$name" attack.json
}

speed() {
    run python benchmarks/gpu_speed.py --device "$device" --only "$1" \
        ${NO_TORCH:+--no-torch} --out "$results/speed-$1.json"
}

part() {
    case $1 in
    ops | training | maps)
        run python benchmarks/gpu_correctness.py --device "$device" \
            --only "$1" --out "$results/$1.json" ;;
    epoch) train epoch mnist_cnn.py --epochs 1 ;;
    std) train std mnist_cnn.py ;;
    std-T20) train std-T20 mnist_cnn.py --temperature 20 ;;
    distill) train distill distill.py --teacher "$runs/std-T20" ;;
    test1 | test2 | test3 | test4) attack "$1" ;;
    speed-*) speed "${1#speed-}" ;;
    *) echo "gpu.sh: error: expected a part, got $1: see its first lines" >&2
       exit 2 ;;
    esac
}

declare -A groups=(
    [correctness]='ops training maps epoch'
    [models]='std std-T20 distill'
    [attacks]='test1 test2 test3 test4'
    [speed]='speed-train speed-forward speed-probes speed-attacks')
if [ $# -eq 0 ]; then set -- correctness models attacks speed; fi
for asked in "$@"; do
    for name in ${groups[$asked]:-$asked}; do
        if [ -e "$results/$name" ] || [ -e "$results/$name.json" ]; then
            echo "$name: done before"
        else
            part "$name"
        fi
    done
done
