#!/usr/bin/env python
"""What a step of the pre-activation ResNet-18 takes, beside PyTorch.

    python benchmarks/smooth.py --torch --threads 1
    python benchmarks/smooth.py --width 64 --rounds 5 --torch
    python benchmarks/smooth.py --model 'Adv + Psv + Smooth 0.001, 1'

Ours is that of a row of the report's tables, PyTorch's always Vanilla's, in
its two memory layouts. All train on the same random images and take turns,
call by call. What counts is the median over the rounds of the ratio; all of
it goes to a JSON file. `--profile` prints instead where the time goes, by
Theano's own profiler.
"""

import itertools
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import command_line
from benchmarks.measuring import (
    add_step_options,
    compare,
    in_turns,
    prepare_steps,
    write,
)
from papers.smooth.architecture import BLOCKS, Architecture
from papers.smooth.recipes import BATCH_SIZE, DECAY, MODELS, PASSES

RATE = 1e-3


def parser():
    """The options of the benchmark."""
    whole = command_line.whole
    options = command_line.script_parser(__doc__)
    options.add_argument('--model', choices=tuple(MODELS), metavar='ROW',
                         default='Vanilla', help='one of those of smooth.py, '
                         'without augmentation')
    options.add_argument('--width', type=whole(1, 1024), default=16)
    options.add_argument('--blocks', type=int, choices=BLOCKS, default=8)
    options.add_argument('--batch-size', type=whole(2), default=BATCH_SIZE)
    add_step_options(options, 20, 'benchmark-smooth.json')
    return options


def main(args, given):
    """Time the steps in turns and write the figures."""
    chosen = prepare_steps(args)
    import theano

    from environment.provenance import provenance
    rule = MODELS[args.model]
    architecture = Architecture(args.width, args.blocks,
                                parseval=rule.parseval)
    batches = make_batches(args.batch_size, theano.config.floatX)
    steps = {'ours': make_step(architecture, rule, batches)}
    if args.torch:
        from benchmarks.torch_smooth import torch_steps
        steps.update(torch_steps(
            architecture._replace(parseval=False), batches, RATE, DECAY,
            chosen.threads))
    seconds = in_turns(steps, args.rounds)
    if args.profile:
        return
    fastest = min(steps, key=lambda name: (name == 'ours',
                                           sum(seconds[name])))
    figures = compare(seconds, 'ours', fastest)
    print('%s, %s, batch %d: %s' % (
        args.model, architecture.name, args.batch_size, ', '.join(
            '%s %.1f ms' % (name, figures[name + '_ms']) for name in steps)))
    if args.torch:
        print('ours of %s\'s: %.3f (quartiles %.3f to %.3f)' % (
            fastest, figures['ratio'], *figures['quartiles']))
    write(args.out, {'arguments': vars(args), **provenance(chosen),
                     **figures, 'seconds': seconds})


def make_batches(size, dtype):
    """Two batches of random images, 0 to 1, and their labels."""
    import numpy as np
    generator = np.random.RandomState(0)
    return [(generator.rand(size, 3, 32, 32).astype(dtype),
             generator.randint(0, 10, size).astype(np.int32))
            for _ in range(2)]


def make_step(architecture, rule, batches):
    """A callable that trains on one batch, the next one every time."""
    import numpy as np

    from papers.smooth.networks import build_network
    from papers.smooth.training import batch, training_step
    generator = np.random.RandomState(0)
    arguments = dict(rule._asdict(), augment=False, epsilon=.03, cut=False,
                     noise_pass=PASSES[0],
                     optimiser='sgd', decay=DECAY)
    step = training_step(build_network(architecture, generator), arguments)
    step.rate.set_value(np.asarray(RATE, step.rate.dtype))
    turn = itertools.cycle([batch(arguments, images, labels, generator)
                            for images, labels in batches])
    return lambda: step.update(*next(turn))


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
