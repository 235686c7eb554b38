"""A process that does what `speed` asks, and says how long it took."""

import contextlib
import os
import resource
import time

import numpy as np

from environment.provenance import ROOT

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
    from benchmarks.torch_tasks import TorchTasks
    return TorchTasks(settings, *inputs())


def answer(tasks, ready, task, batch, calls):
    """Time the calls of one request."""
    key, first = (task, batch), None
    if key not in ready:
        begin = time.perf_counter()
        ready[key] = tasks.prepare(*key)
        ready[key]()
        first = time.perf_counter() - begin
        ready[key]()
    seconds = []
    for _ in range(calls):
        begin = time.perf_counter()
        ready[key]()
        seconds.append(time.perf_counter() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {'seconds': float(np.median(seconds)), 'first': first,
            'peak_MiB': peak}


def serve(settings, pipe):
    """Say how the process is set up, then answer until nobody asks any more.

    A request is a task, a batch and a number of calls; `seconds` of its
    answer is the median of the calls. A task is compiled, and called twice,
    when it is first asked for; that time is `first`.
    """
    os.chdir(ROOT)
    os.dup2(2, 1)              # libraries print
    begin = time.perf_counter()
    tasks, ready = start(settings), {}
    pipe.send({'setup': tasks.setup, 'start': time.perf_counter() - begin})
    with contextlib.suppress(EOFError):
        while True:
            pipe.send(answer(tasks, ready, *pipe.recv()))
