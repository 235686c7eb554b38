"""A process that does what `speed` asks, and says how long it took.

    python benchmarks/contender.py '{"framework": "theano", "ops": "auto"}'

One line of JSON on stdin is one request, one on stdout its answer:

    {"task": "train", "batch": 128, "calls": 5}  ->  {"seconds": 0.031}

`seconds` is the median of the calls. A task is compiled, and called twice,
when it is first asked for; that time is `first`. The process says at its
start how it is set up, and at the end of stdin it ends.
"""

import json
import os
import resource
import sys
import time

import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
IMAGES = 4096  # different ones; batches take turns through them


def inputs():
    """Stroke-like images (n, 1, 28, 28), half black, and labels (n,)."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (IMAGES, 1, 28, 28)) / 256
    images *= rng.random(images.shape) < 0.3
    return images, rng.integers(0, 10, IMAGES)


def start(settings):
    """The tasks of one framework: name to batch to a callable."""
    if settings['framework'] == 'theano':
        from benchmarks.theano_tasks import TheanoTasks
        return TheanoTasks(settings, *inputs())
    if settings['framework'] == 'torch-gpu':
        from benchmarks.torch_gpu_tasks import TorchGpuTasks
        return TorchGpuTasks(settings, *inputs())
    from benchmarks.torch_tasks import TorchTasks
    return TorchTasks(settings, *inputs())


def answer(tasks, ready, request):
    """Time the calls of one request."""
    key = request['task'], request['batch']
    first = None
    if key not in ready:
        begin = time.perf_counter()
        ready[key] = tasks.prepare(*key)
        ready[key]()
        first = time.perf_counter() - begin
        ready[key]()
    seconds = []
    for _ in range(request['calls']):
        begin = time.perf_counter()
        ready[key]()
        seconds.append(time.perf_counter() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {'seconds': float(np.median(seconds)), 'first': first,
            'peak_MiB': peak}


def main():
    """Answer until nobody asks any more."""
    sys.path.insert(0, ROOT)
    # Libraries print; the answers have the real stdout for themselves.
    answers = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)
    begin = time.perf_counter()
    tasks, ready = start(json.loads(sys.argv[1])), {}
    reply = {'setup': tasks.setup, 'start': time.perf_counter() - begin}
    while True:
        answers.write(json.dumps(reply) + '\n')
        answers.flush()
        line = sys.stdin.readline()
        if not line:
            return
        reply = answer(tasks, ready, json.loads(line))


if __name__ == '__main__':
    main()
