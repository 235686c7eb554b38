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

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from attacking.options import add_data
from papers.song.attack_options import add_attack, add_machine


def parser():
    """The options of explore.py."""
    options = command_line.script_parser(__doc__)
    group = add_attack(options)
    group.add_argument('--algorithm', nargs='+', type=int,
                       choices=range(1, 5), default=list(range(1, 5)),
                       help='(default: all four)')
    group = options.add_argument_group('data')
    group.add_argument('--digits', type=command_line.whole(1), default=1,
                       metavar='N', help='test samples a class')
    add_data(group)
    group = options.add_argument_group('output')
    group.add_argument('--out', metavar='RUN', default='runs/explorer',
                       help='folder of the results')
    add_machine(options)
    return options


def main(args, given):
    """Choose the digits, attack them, write two files."""
    from attacking.session import run
    from papers.song.explorer_campaign import CAMPAIGN
    return run(CAMPAIGN, args, given)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
