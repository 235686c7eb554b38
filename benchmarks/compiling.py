#!/usr/bin/env python
"""From an empty compile directory to a first epoch, in two ways, in turns.

    python benchmarks/compiling.py
    python benchmarks/compiling.py --rounds 5 --out compiling.json

A training of one epoch of digits, with and without `environment/headers.py`.
Each is a process of its own with an empty compile directory.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

import command_line
from errors import UserError
from storage.atomic import write_json

WAYS = {'precompiled headers': '',
        "Theano's own way": 'environment.speed_up_compilation = '
                            'lambda theano, folder: None\n'}
#: At its end the process writes how long its children, the compiler's runs,
#: have computed.
TRAIN = ('import atexit, resource, runpy, sys, environment\n'
         'atexit.register(lambda: open("compiler", "w").write(str(sum('
         'resource.getrusage(resource.RUSAGE_CHILDREN)[:2]))))\n'
         '%ssys.argv = ["mnist_cnn.py", "--dataset", "digits", "--epochs", '
         '"1", "--out", "run"]\n'
         'runpy.run_path("%s/mnist_cnn.py", run_name="__main__")\n')


def parser():
    """The options of the benchmark."""
    options = command_line.script_parser(__doc__)
    options.add_argument('--rounds', type=command_line.whole(1), default=3)
    options.add_argument('--out', metavar='FILE', default='compiling.json')
    return options


def main(args, given):
    """Time both ways in turns and write the figures."""
    figures = {way: [] for way in WAYS}
    for _ in range(args.rounds):
        for way, patch in WAYS.items():
            figures[way].append(train(patch))
            print('%s: %.1f s, %.1f s of the compiler' % (
                (way,) + tuple(figures[way][-1])), flush=True)
    ours, theirs = (statistics.median(row[0] for row in figures[way])
                    for way in WAYS)
    from environment.provenance import git_commit
    write_json(args.out, {
        'command': 'python benchmarks/compiling.py --rounds %d' % args.rounds,
        'commit': git_commit(), 'cores': os.cpu_count(),
        'seconds, compiler seconds': figures,
        'ratio of medians': ours / theirs})
    print('%.2f of the time, wrote %s' % (ours / theirs, args.out))


def train(patch):
    """Seconds in all, and processor seconds of the compiler."""
    with tempfile.TemporaryDirectory() as folder:
        settings = dict(os.environ, XDG_CACHE_HOME=folder, PYTHONPATH=ROOT)
        start = time.perf_counter()
        result = subprocess.run(
            [sys.executable, '-c', TRAIN % (patch, ROOT)], cwd=folder,
            env=settings, capture_output=True, text=True)
        seconds = time.perf_counter() - start
        # One epoch of digits does not leave the plateau.
        if result.returncode not in (0, 3):
            raise UserError('the training failed: %s'
                            % result.stderr.strip().splitlines()[-1])
        with open(os.path.join(folder, 'compiler')) as stream:
            return seconds, float(stream.read())


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
