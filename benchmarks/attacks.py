#!/usr/bin/env python
"""Samples a second of Algorithms 1-4: ours, the published way, PyTorch.

    python benchmarks/attacks.py --model runs/std
    python benchmarks/attacks.py --model runs/std --no-torch --rounds 3

The published way asks the model for one image at a time. PyTorch gets the
same weights and the very same batched attack, in its default layout and in
channels_last. All attack the same samples and take turns, round by round, so
that whatever else the machine does disturbs them alike; the rounds, their
medians and spread go to a JSON file, and how ours grows with the number of
samples. PyTorch comes with pip install .[bench].
"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import command_line
import environment
from benchmarks.measuring import add_attack_options, require_torch, write


def parser():
    """The options of the benchmark."""
    whole = command_line.whole
    options = command_line.script_parser(__doc__)
    options.add_argument('--model', default='runs/std', metavar='RUN')
    options.add_argument('--algorithms', nargs='+', type=whole(1, 4),
                         default=[1, 2, 3, 4], metavar='N')
    options.add_argument('--samples', type=whole(1), default=32,
                         metavar='N', help='for Algorithms 1 and 3; a '
                         'quarter of it for 2, an eighth for 4')
    options.add_argument('--limit', type=whole(1, 784), default=100)
    options.add_argument('--limit4', type=whole(1, 784), default=4,
                         help='the limit of Algorithm 4, of which the '
                         'published way takes minutes a sample')
    options.add_argument('--growth', nargs='*', type=whole(1), metavar='N',
                         default=[1, 8, 32, 128], help='numbers of samples '
                         'at which ours is timed besides')
    options.add_argument('--batch', type=whole(1), default=1024)
    options.add_argument('--rounds', type=whole(1), default=5)
    options.add_argument('--log-odds', action='store_true',
                         help='in log-odds instead of float32')
    options.add_argument('--no-torch', action='store_true',
                         help='leave PyTorch out')
    add_attack_options(options, 'benchmark-attacks.json')
    return options


def main(args, given):
    """Time all ways in turns and write the figures."""
    chosen = environment.prepare(threads=args.threads, ops=args.ops)
    print(chosen)
    import data
    from environment.provenance import provenance
    from papers.song.run_format import SONG
    from storage.model_file import load_model
    model = load_model(args.model, SONG)
    test = data.load(model.dataset, args.data_dir).test
    ways = all_ways(model, args, chosen)
    results = {'arguments': vars(args), 'data': data.LABELS[model.dataset],
               'model_sha256': model.description['weights_sha256'],
               **provenance(chosen)}
    for algorithm in args.algorithms:
        results['algorithm %d' % algorithm] = figures = measure(
            ways, algorithm, test, args)
        for name, way in figures.items():
            print('Algorithm %d, %-20s %9.3f samples/s (%.3f..%.3f)' % (
                algorithm, name, way['samples_per_second'],
                way['slowest'], way['fastest']), flush=True)
        results['growth %d' % algorithm] = grow(
            ways['ours'][1], algorithm, test, args)
    write(args.out, results)


def all_ways(model, args, chosen):
    """What is compared: name to (published way or not, callables)."""
    from ops.inspection import require
    from papers.song.attack_functions import callables
    ours = callables(model, probing='receptive-field')
    require(ours.logits, chosen.ops, gradients=False)
    brute = ours._replace(probe_logits=None)
    ways = {'ours': (False, ours), 'ours, brute force': (False, brute),
            'published way': (True, brute)}
    if args.no_torch:
        return ways
    require_torch()
    import torch

    from benchmarks.torch_callables import torch_callables
    torch.set_num_threads(chosen.threads)
    ways['PyTorch'] = False, torch_callables(model)
    ways['PyTorch channels_last'] = False, torch_callables(model, True)
    return ways


def measure(ways, algorithm, test, args):
    """Samples a second of every way, in turns."""
    import numpy as np
    divisor = {2: 4, 4: 8}.get(algorithm, 1)
    x, y = samples(test, max(1, args.samples // divisor))
    speeds = {name: [] for name in ways}
    successes = {}
    for turn in range(args.rounds + 1):  # the first warms up
        for name, (published, model) in ways.items():
            speed, successes[name] = attack_once(model, x, y, algorithm, args,
                                                 published)
            if turn:
                speeds[name].append(speed)
    return {name: {'samples_per_second': float(np.median(values)),
                   'slowest': min(values), 'fastest': max(values),
                   'rounds': values, 'samples': len(y),
                   'successes': successes[name]}
            for name, values in speeds.items()}


def grow(model, algorithm, test, args):
    """Samples a second of ours by the number of samples, in turns."""
    speeds = {count: [] for count in args.growth}
    for _ in range(args.rounds):
        for count, kept in speeds.items():
            kept.append(attack_once(model, *samples(test, count), algorithm,
                                    args, False)[0])
    return {str(count): kept for count, kept in speeds.items()}


def samples(test, count):
    """The first images (n, 1, h, w) float32 and labels (n,) int64."""
    import numpy as np

    import data
    return (data.scale(test.images[:count], 'float32'),
            test.labels[:count].astype(np.int64))


def attack_once(model, x, y, algorithm, args, published):
    """Attack, batched or the published way: samples/s, successes."""
    import numpy as np

    from benchmarks.published_way import publish
    from saliency.attack import attack
    limit = args.limit4 if algorithm == 4 else args.limit
    start = time.perf_counter()
    if published:
        successes = sum(publish(model, x[k:k + 1], y[k:k + 1], algorithm,
                                limit, args.log_odds) for k in range(len(x)))
    else:
        successes = attack(model, x, y, np.arange(len(x)), algorithm, limit,
                           log_odds=args.log_odds,
                           batch=args.batch).success.sum()
    return len(x) / (time.perf_counter() - start), int(successes)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
