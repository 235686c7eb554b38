#!/usr/bin/env python
"""What OpenBLAS's threads are worth: steps with one and with all, in turns.

    python benchmarks/blas_threads.py
    python benchmarks/blas_threads.py --ops c --float64 --out blas-c.json

Training steps of batch 128 and forward passes of batch 1024 of the paper's
network, in one process. OpenMP has all threads, OpenBLAS one or all.
"""

import ctypes
import functools
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

import command_line
from benchmarks.measuring import compare, in_turns, write


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
    from benchmarks.contender import inputs
    from benchmarks.theano_tasks import TheanoTasks
    tasks = TheanoTasks({'ops': args.ops, 'threads': args.threads,
                         'float64': args.float64, 'tuned': True},
                        *inputs())
    print(tasks.setup)
    figures = {name: compare(timed(run, args.rounds), 'one', 'all')
               for name, run in (
                   ('training step, batch 128', tasks.train(128)),
                   ('forward, batch 1024', tasks.forward(1024)))}
    for name, found in figures.items():
        print('%s: %.1f ms with one thread of OpenBLAS, %.1f ms with all, '
              'median of the ratios %.3f' % (
                  name, found['one_ms'], found['all_ms'], found['ratio']))
    from environment.provenance import git_commit, processor
    write(args.out, {'commit': git_commit(), 'processor': processor(),
                     'setup': tasks.setup, **figures})


def timed(run, rounds):
    """Seconds of every call with one and with all threads of OpenBLAS."""
    from environment.toolchain import find_blas
    library = ctypes.CDLL(os.path.join(find_blas().folder,
                                       'libscipy_openblas.so'))

    def with_threads(number):
        library.scipy_openblas_set_num_threads(number)
        run()

    return in_turns({
        'one': functools.partial(with_threads, 1),
        'all': functools.partial(with_threads, os.cpu_count())}, rounds)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
