#!/usr/bin/env python
"""What a step of the pre-activation ResNet-18 takes, beside PyTorch.

    python benchmarks/smooth.py --torch --threads 1
    python benchmarks/smooth.py --width 64 --rounds 5 --torch
    python benchmarks/smooth.py --model 'Smooth 0.01, 2'
    python benchmarks/smooth.py --forward --torch

Ours is that of a row of the report's tables, beside that of Vanilla; with
--torch PyTorch's in its two memory layouts, which is always Vanilla's. All
train on the same random images, or with --forward classify 1,000 of them, and
take turns, call by call. What counts are the medians over the rounds of the
ratios; all of it goes to a JSON file. `--profile` prints instead where the
time goes, by Theano's own profiler.
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
VANILLA = 'Vanilla'
FORWARD = 1000   # images


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
    options.add_argument('--forward', action='store_true', help='classify '
                         '%d images, as in tests, instead' % FORWARD)
    add_step_options(options, 20, 'benchmark-smooth.json')
    return options


def main(args, given):
    """Time the steps in turns and write the figures."""
    chosen = prepare_steps(args)
    import numpy as np
    import theano

    from environment.provenance import provenance
    size = FORWARD if args.forward else args.batch_size
    batches = make_batches(size, theano.config.floatX)
    make = make_forward if args.forward else make_step
    steps = {name: make(architecture(args, rule), rule, batches)
             for name, rule in (('ours', MODELS[args.model]),
                                (VANILLA.lower(), MODELS[VANILLA]))
             if name == 'ours' or args.model != VANILLA}
    if args.torch:
        from benchmarks import torch_smooth
        steps.update(torch_smooth.torch_steps(
            architecture(args, MODELS[VANILLA]), batches, RATE, DECAY,
            chosen.threads, args.forward))
    seconds = in_turns(steps, args.rounds)
    if args.profile:
        return
    figures = ratios(seconds)
    print('%s, %s, batch %d: %s' % (
        args.model, architecture(args, MODELS[args.model]).name, size,
        ', '.join('%s %.1f ms' % (name, 1000 * float(np.median(kept)))
                  for name, kept in seconds.items())))
    for name, found in figures.items():
        print('ours of %s\'s: %.3f (quartiles %.3f to %.3f)' % (
            name, found['ratio'], *found['quartiles']))
    write(args.out, {'arguments': vars(args), **provenance(chosen),
                     'ratios': figures, 'seconds': seconds})


def architecture(args, rule):
    """That of a row's network."""
    return Architecture(args.width, args.blocks, parseval=rule.parseval)


def ratios(seconds):
    """Ours to those of Vanilla, and of PyTorch's faster layout: `compare`."""
    others = [name for name in seconds if name != 'ours']
    torch = [name for name in others if name.startswith('pytorch')]
    fastest = sorted(torch, key=lambda name: sum(seconds[name]))[:1]
    return {name: compare(seconds, 'ours', name)
            for name in others if name not in torch or name in fastest}


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


def make_forward(architecture, rule, batches):
    """A callable that classifies one batch as in tests, then the next one."""
    import numpy as np

    from network.functions import logits_function
    from papers.smooth.networks import build_network
    logits = logits_function(build_network(architecture,
                                           np.random.RandomState(0)))
    turn = itertools.cycle(images for images, _ in batches)
    return lambda: logits(next(turn))


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
