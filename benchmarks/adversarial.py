#!/usr/bin/env python
"""Seconds that FGS, HC1 and PASS take on a model of BANG.

    python benchmarks/adversarial.py --model runs/bang-R0
    python benchmarks/adversarial.py --model runs/bang-R0 --samples 1000
    python benchmarks/adversarial.py --model runs/bang-R0-cifar10 \
        --pass-moves none

All three rules of FGS, of which two share a search, then HC1, then PASS of
all that changed the class, on the same test images; each step is timed as a
whole. The figures, with the images that the network was asked for, go to a
JSON file.
"""

import functools
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import command_line
import environment
from benchmarks.measuring import add_attack_options, write
from papers.bang.recipes import MOVED

BLOCK = 250


def parser():
    """The options of the benchmark."""
    whole = command_line.whole
    options = command_line.script_parser(__doc__)
    options.add_argument('--model', default='runs/bang-R0', metavar='RUN')
    options.add_argument('--samples', type=whole(1), default=10000,
                         metavar='N', help='the first N test images')
    options.add_argument('--last', type=whole(1), default=2 ** 14,
                         metavar='S')
    options.add_argument('--batch', type=whole(1), default=1024)
    options.add_argument('--pass-moves', choices=MOVED, default=MOVED[0],
                         help='what PASS moves onto the other')
    add_attack_options(options, 'benchmark-adversarial.json')
    return options


def main(args, given):
    """Time the steps and write the figures."""
    chosen = environment.prepare(threads=args.threads, ops=args.ops)
    print(chosen)
    import data
    from environment.provenance import provenance
    from papers.bang.attack import classifier
    from papers.bang.run_format import BANG
    from storage.model_file import load_model
    model = load_model(args.model, BANG)
    test = data.load(model.dataset, args.data_dir).test
    functions, asked = counting(classifier(model))
    seconds = measure(functions, test.images[:args.samples],
                      test.labels[:args.samples], args, chosen.threads)
    for name, value in seconds.items():
        print('%-5s %7.1f s' % (name, value))
    write(args.out, dict(
        provenance(chosen), arguments=vars(args),
        data=data.LABELS[model.dataset], seconds=seconds,
        total=sum(seconds.values()), images_asked=asked))


def counting(functions):
    """The same classifier, and a dict of the images that it is asked for."""
    asked = {'logits': 0, 'pull_back': 0}

    def ask(name, x, *rest):
        asked[name] += len(x)
        return getattr(functions, name)(x, *rest)

    return functions._replace(**{
        name: functools.partial(ask, name) for name in asked}), asked


def measure(functions, images, labels, args, threads):
    """Seconds by step, block after block."""
    import numpy as np

    from attacks.batches import in_batches, predictions
    from attacks.directions import fast_gradient_sign, hot_cold
    from papers.bang.attack import scored
    from papers.bang.attack_names import HC1
    seconds = dict.fromkeys(('FGS', HC1, 'PASS'), 0.)
    for start in range(0, len(images), BLOCK):
        some = slice(start, start + BLOCK)
        x, y = images[some].astype(functions.dtype), labels[some].astype(int)
        right = np.flatnonzero(y == predictions(
            in_batches(functions.logits, args.batch, x)))
        times = [time.perf_counter()]
        outcomes = fast_gradient_sign(functions, x[right], y[right],
                                      args.batch)
        times.append(time.perf_counter())
        outcomes[HC1] = hot_cold(functions, x[right], y[right], args.last,
                                 args.batch)
        times.append(time.perf_counter())
        scored(outcomes, images[some][right],
               {'threads': threads, 'pass_moves': args.pass_moves})
        times.append(time.perf_counter())
        for name, step in zip(seconds, np.diff(times)):
            seconds[name] += float(step)
    return seconds


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
