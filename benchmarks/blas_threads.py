#!/usr/bin/env python
"""What OpenBLAS's threads are worth: steps with one and with all, in turns.

    python benchmarks/blas_threads.py
    python benchmarks/blas_threads.py --ops c --float64 --out blas-c.json

Training steps of batch 128 and forward passes of batch 1024 of the paper's
network, in one process. OpenMP has all threads, OpenBLAS one or all.
"""

import ctypes
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

import command_line
from benchmarks.turns import in_turns
from storage.atomic import write_json


def parser():
    """The options of the benchmark."""
    options = command_line.script_parser(__doc__)
    options.add_argument('--rounds', type=command_line.whole(1), default=40,
                         metavar='N')
    options.add_argument('--out', metavar='FILE', default='blas-threads.json')
    command_line.add_environment_options(options)
    return options


def main(args, given):
    """Time both numbers of threads in turns and write the figures."""
    from benchmarks.theano_tasks import TheanoTasks
    tasks = TheanoTasks({'ops': args.ops, 'threads': args.threads,
                         'float64': args.float64, 'tuned': True},
                        *random_samples())
    print(tasks.setup)
    figures = {'training step, batch 128': compare(
        tasks.train(128), args.rounds),
               'forward, batch 1024': compare(
        tasks.forward(1024), args.rounds)}
    from environment.provenance import git_commit, processor, typed_command
    write_json(args.out, {
        'command': typed_command(), 'commit': git_commit(),
        'processor': processor(), 'setup': tasks.setup, **figures})
    for name, found in figures.items():
        print('%s: %.1f ms with one thread of OpenBLAS, %.1f ms with all, '
              'median of the ratios %.3f' % (
                  name, found['one_ms'], found['all_ms'], found['ratio']))
    print('wrote %s' % args.out)


def random_samples():
    """Images (1024, 1, 28, 28) and labels (1024,)."""
    import numpy as np
    generator = np.random.RandomState(0)
    return (generator.rand(1024, 1, 28, 28),
            generator.randint(0, 10, 1024))


def compare(run, rounds):
    """Medians in milliseconds, and of the rounds' ratios."""
    import numpy as np

    from environment.toolchain import find_blas
    library = ctypes.CDLL(os.path.join(find_blas().folder,
                                       'libscipy_openblas.so'))
    numbers = {'one': 1, 'all': os.cpu_count()}

    def with_threads(number):
        library.scipy_openblas_set_num_threads(number)
        run()

    seconds = in_turns({name: lambda number=number: with_threads(number)
                        for name, number in numbers.items()}, rounds)
    ratios = np.divide(seconds['one'], seconds['all'])
    return {'one_ms': 1000 * float(np.median(seconds['one'])),
            'all_ms': 1000 * float(np.median(seconds['all'])),
            'ratio': float(np.median(ratios)),
            'quartiles': np.percentile(ratios, [25, 75]).tolist()}


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
