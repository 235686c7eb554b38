#!/usr/bin/env python
"""Do models that the fast ops train differ from plain Theano's?

    python benchmarks/agreement.py
    python benchmarks/agreement.py --ops c --seeds 5 --out agreement.json

Trains M_std for two epochs from the same seeds by plain Theano and by the
ops, and sets the difference in test accuracy beside the spread over seeds.
Runs that are done are kept, stopped ones continued, so the same command
goes on after a kill.
"""

import os
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

import command_line
from benchmarks.measuring import write
from errors import UserError
from papers.song.run_format import SONG
from storage.run_description import DESCRIPTION, read_description


def parser():
    """The options of the comparison."""
    whole = command_line.whole
    options = command_line.script_parser(__doc__)
    options.add_argument('--ops', choices=('c', 'onednn'), default='onednn')
    options.add_argument('--seeds', type=whole(2), default=3, metavar='N')
    options.add_argument('--epochs', type=whole(1), default=2, metavar='N')
    options.add_argument('--dataset', choices=('mnist', 'digits'),
                         default='mnist')
    options.add_argument('--threads', type=whole(1), default=1, metavar='N')
    options.add_argument('--runs', metavar='DIR', default='runs/agreement')
    options.add_argument('--out', metavar='FILE', default='agreement.json')
    return options


def main(args, given):
    """Train, compare and write the figures."""
    found = {ops: [result(args, ops, seed) for seed in range(args.seeds)]
             for ops in ('theano', args.ops)}
    figures = compare(*[[run['accuracy'] for run in runs]
                        for runs in found.values()])
    print('test accuracy after %d epochs, %d seeds: plain Theano %.2f %%, %s '
          '%.2f %%; difference %+.2f points, of one seed %.2f (standard '
          'deviation of the differences)' % (
              args.epochs, args.seeds, 100 * figures['theano'], args.ops,
              100 * figures['with_ops'], 100 * figures['difference'],
              100 * figures['deviation']))
    write(args.out, {'ops': args.ops, 'runs': found, **figures})


def compare(plain, fast):
    """Means, the mean difference, and the differences' spread."""
    pairs = [b - a for a, b in zip(plain, fast)]
    return {'theano': statistics.mean(plain),
            'with_ops': statistics.mean(fast),
            'difference': statistics.mean(pairs),
            'deviation': statistics.stdev(pairs)}


def result(args, ops, seed):
    """What a run says of its test, trained if it is not done."""
    folder = os.path.join(args.runs, '%s-seed%d' % (ops, seed))
    begun = os.path.exists(os.path.join(folder, DESCRIPTION))
    if not begun or read_description(folder, SONG)['status'] != 'finished':
        words = (['--resume', folder] if os.path.exists(
            os.path.join(folder, 'checkpoint.npz')) else
            ['--out', folder, '--ops', ops, '--seed', str(seed), '--epochs',
             str(args.epochs), '--dataset', args.dataset, '--threads',
             str(args.threads)])
        code = subprocess.call([sys.executable, os.path.join(
            ROOT, 'mnist_cnn.py')] + words)
        if code:
            raise UserError('expected mnist_cnn.py to train %s, but it ended '
                            'with code %d: see above' % (folder, code))
    run = read_description(folder, SONG)
    found = (run['arguments']['seed'], run['arguments']['epochs'],
             run['data']['name'], run['machine'].get('ops'))
    if found != (seed, args.epochs, args.dataset, ops):
        raise UserError('%s: expected a run of seed %d, %d epochs, %s, ops '
                        '%s, found seed %d, %d epochs, %s, ops %s: name '
                        'another folder by --runs'
                        % ((folder, seed, args.epochs, args.dataset, ops)
                           + found))
    return {'seed': seed, 'git_commit': run['git_commit'],
            'weights_sha256': run['weights_sha256'],
            **{name: run['test'][name]
               for name in ('correct', 'samples', 'accuracy', 'wilson_95')}}


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
