#!/usr/bin/env python
"""Record attacks on a few digits pixel by pixel, for the report's explorer.

    python explore.py
    python explore.py --models runs/std runs/std-T20 runs/distill --digits 2
    python explore.py --algorithm 1 3 --arithmetic float32 logodds

Algorithms 1 to 4 in three arithmetics on --digits test samples a class,
drawn among those that all models classify correctly: saliency map, pixels
in turn, and the logits after each. The results go into one folder,
explorer.json and explorer.npz, from which `python reproduce.py --render`
makes the explorer. A run that was stopped continues when the same command
is given again.
"""

import sys

import command_line
from experiment.options import ARITHMETICS, MODELS, PIXELS, PROBING

ALGORITHMS = (1, 2, 3, 4)


def parser():
    """The options of explore.py."""
    options = command_line.script_parser(__doc__)
    add_attack(options.add_argument_group('attack'))
    add_samples(options.add_argument_group('data'))
    group = options.add_argument_group('output')
    group.add_argument('--out', metavar='RUN', default='runs/explorer',
                       help='folder of the results')
    add_machine(options.add_argument_group('machine'))
    return options


def add_attack(group):
    """What is recorded; the names are those of test1.py to test4.py."""
    group.add_argument('--models', nargs='+', metavar='RUN', help='runs of '
                       'mnist_cnn.py and distill.py (default: those of %s '
                       'that exist)' % ' '.join(MODELS))
    group.add_argument('--algorithm', nargs='+', type=int,
                       choices=ALGORITHMS, default=list(ALGORITHMS),
                       help='(default: all four)')
    group.add_argument('--arithmetic', nargs='+', choices=ARITHMETICS,
                       default=list(ARITHMETICS),
                       help='(default: all three)')
    group.add_argument('--variant', choices=('paper', 'script'),
                       default='paper', help='see test3.py')
    group.add_argument('--limit', type=command_line.whole(1, PIXELS),
                       default=100, metavar='N',
                       help='most pixels to overwrite')
    group.add_argument('--test-temperature', default=1., metavar='T',
                       type=command_line.number(0, inclusive=False),
                       help='T\' of the attacked head')


def add_samples(group):
    """Whose attacks are recorded."""
    group.add_argument('--digits', type=command_line.whole(1), default=1,
                       metavar='N', help='test samples a class')
    group.add_argument('--indices', metavar='FILE', help='these test samples '
                       'instead: one whole number a line, from 0')
    group.add_argument('--seed', type=command_line.whole(0, 2 ** 32 - 1),
                       default=0, help='of the draw (default: 0)')
    group.add_argument('--data-dir', metavar='DIR',
                       help='folder of the four MNIST files (default: '
                       '$MNIST_DIR, else the cache, else a download)')


def add_machine(group):
    """What computes; results depend on it by rounding alone."""
    group.add_argument('--device', default='cpu', metavar='cpu|cuda0',
                       help='where to compute')
    group.add_argument('--threads', type=command_line.whole(1), metavar='N',
                       help='CPU threads (default: all)')
    command_line.add_ops_option(group)
    group.add_argument('--batch', type=command_line.whole(1), default=1024,
                       metavar='N', help='most images in one call of the '
                       'network: bounds the memory')
    group.add_argument('--probing', choices=PROBING, default='auto',
                       help='how Algorithms 2 and 4 try a pixel')


def main(args, given):
    """Choose the digits, attack them, write two files."""
    from explorer.session import run_explorer
    return run_explorer(args, given)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
