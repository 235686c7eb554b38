#!/usr/bin/env python
"""Attacks of many strengths on models of the report's smooth networks.

    python attack_smooth.py
    python attack_smooth.py --models runs/smooth-cifar10-Adv --samples 2000
    python attack_smooth.py --attacks fgsm fgsm-predicted --snr 50 45 40 33

The same test images are attacked on every model, at every signal-to-noise
ratio: FGSM with the true label, as in the report, the predicted and the least
likely one, by the log-odds, whose gradient cannot round to 0, and by another
model's gradient; R+FGSM and PGD within the same steps; and random signs. What
they leave right beside each other tells arithmetic, label leaking, masking
and robustness apart. Single steps are taken along one direction, whatever the
strength; PGD goes from weak to strong, and does not attack again what a
smaller step has fooled.

The results go into one folder: table.md, attack.json, attack.npz (a row a
sample), curves and pictures. A run that was stopped continues when the same
command is given again.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from attacking.options import add_batch, add_models, add_output, add_samples
from papers.smooth.attack_names import (
    ATTACKS,
    IN_FLOAT64,
    NORMS,
    RATIOS,
    REPORTED,
    USUAL,
)
from papers.smooth.recipes import CUTS


def parser():
    """The options of attack_smooth.py."""
    options = command_line.script_parser(__doc__)
    group = options.add_argument_group('attack')
    add_models(group, 'smooth.py', USUAL)
    group.add_argument('--snr', nargs='+', metavar='DB', default=list(RATIOS),
                       type=command_line.number(-200),
                       help='signal-to-noise ratios in dB, of the images to '
                       'what is added, before pixels are cut (default: %s)'
                       % in_words(RATIOS))
    group.add_argument('--attacks', nargs='+', choices=tuple(ATTACKS),
                       metavar='A', help='%s (default: all; transfer where '
                       'there is a source)' % ', '.join(ATTACKS))
    group.add_argument('--pgd-snr', nargs='+', metavar='DB',
                       type=command_line.number(-200),
                       help='those of --snr that PGD is run at, which costs '
                       'more than all else (default: %s, the report\'s)'
                       % in_words(REPORTED))
    group.add_argument('--restarts', type=command_line.whole(1), default=1,
                       metavar='N', help='of PGD, from random points')
    group.add_argument('--float64-attacks', nargs='*', metavar='A',
                       choices=tuple(ATTACKS), help='those of --attacks that '
                       'are run in float64, too; none for no float64 '
                       '(default: %s)'
                       % ' '.join(IN_FLOAT64))
    group.add_argument('--source', metavar='RUN', help='the one of --models '
                       'whose gradient transfers to others (default: the '
                       'first of the row Vanilla)')
    group.add_argument('--norm-of', choices=NORMS, default=NORMS[0],
                       help='images that ratios are of, and that are moved: '
                       'less their mean, over the deviation, as in the '
                       'report\'s scripts, or from 0 to 1')
    group.add_argument('--cut', choices=CUTS, default=CUTS[0],
                       help='adversarial pixels to what pixels can be: as '
                       'the report\'s scripts do, of SVHN alone, always or '
                       'never')
    add_samples(options, None)
    add_output(options, 'runs/attack-smooth', '', 5, 'a model')
    command_line.add_environment_options(options, float64=False)
    add_batch(options)
    return options


def in_words(ratios):
    """'50 45 40 33'."""
    return ' '.join('%g' % ratio for ratio in ratios)


def main(args, given):
    """Attack, tell apart, write and draw."""
    from attacking.session import run
    from papers.smooth.attack_campaign import CAMPAIGN
    return run(CAMPAIGN, args, given)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
