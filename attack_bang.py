#!/usr/bin/env python
"""FGS, HC1 and PASS on models of BANG: the rows of its Tables 1 and 2.

    python attack_bang.py
    python attack_bang.py --samples 1000 --out runs/attack-1000
    python attack_bang.py --models runs/caffe --out runs/attack-caffe

Every correctly classified test image is attacked. FGS moves all pixels by
the smallest whole number of grey levels, 1 to 255, that changes the class,
by three rules of when a gradient is blank: as published (the loss rounds to
0), only zeros, and log-odds (never). HC1 follows the hot/cold gradient
towards the closest class up to a step of --last. What changes the class is
scored by PASS and L-infinity.

The results go into one folder: table.md, attack.json, attack.npz (a row a
sample) and pictures. A run that was stopped continues when the same command
is given again.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from attacking.options import add_batch, add_models, add_output, add_samples
from papers.bang.recipes import ATTACKED, CHANNELS, MOVED


def parser():
    """The options of attack_bang.py."""
    options = command_line.script_parser(__doc__)
    group = options.add_argument_group('attack')
    add_models(group, 'bang.py and import_caffe.py', ATTACKED)
    group.add_argument('--last', type=command_line.whole(1, 2 ** 20),
                       default=2 ** 14, metavar='S', help='how far HC1 '
                       'searches: the largest step, in grey levels of the '
                       'pixel that moves most; the paper does not say')
    group.add_argument('--pass-moves', choices=MOVED, default=MOVED[0],
                       help='which image PASS aligns with the other: the '
                       'paper\'s formula moves the adversarial image, its '
                       'figures of MNIST are those of the original moved, '
                       'of CIFAR-10 those of none')
    group.add_argument('--channels', choices=CHANNELS, default=CHANNELS[0],
                       help='of gradients in colour: with red and blue '
                       'reversed come the figures of the paper\'s table 2')
    add_samples(options, None)
    add_output(options, 'runs/attack-bang', '', 5, 'a model')
    command_line.add_environment_options(options)
    add_batch(options)
    return options


def main(args, given):
    """Attack, score, write and draw."""
    from attacking.session import run
    from papers.bang.attack_campaign import CAMPAIGN
    return run(CAMPAIGN, args, given)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
