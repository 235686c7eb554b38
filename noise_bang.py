#!/usr/bin/env python
"""How random noise changes the class over a training: BANG's figures 3, 5.

    python bang.py --snapshots && python bang.py --bang --snapshots
    python noise_bang.py
    python noise_bang.py runs/A runs/B --repeats 100 --out runs/noise-100

The first run is the regular one. Of each class, the first test images that
both classify correctly at every stage are distorted, each so many times, by
Gaussian noise of every standard deviation; the same noise for all. Results
go to noise.json and noise.png; the same command continues a stopped one.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line


def parser():
    """The options of noise_bang.py."""
    whole = command_line.whole
    options = command_line.script_parser(__doc__)
    options.add_argument('regular', metavar='RUN', nargs='?',
                         default='runs/bang-R0-snapshots',
                         help='trained regularly')
    options.add_argument('bang', metavar='RUN', nargs='?',
                         default='runs/bang-B1-snapshots',
                         help='trained by BANG')
    options.add_argument('--sigmas', nargs='+', metavar='S',
                         type=command_line.number(0, inclusive=False),
                         help='standard deviations in grey levels (default: '
                         'LeNet 10, 20, ... 100, CIFAR-10 quick 5, ... 40)')
    options.add_argument('--images', type=whole(1), default=100, metavar='N',
                         help='test images of each class')
    options.add_argument('--repeats', type=whole(1), default=1000,
                         metavar='N', help='distortions of each image')
    options.add_argument('--last', action='store_true',
                         help='the last iterates only')
    options.add_argument('--unbounded', action='store_true',
                         help='leave distorted pixels as they are, instead '
                         'of rounding and keeping them from 0 to 255')
    options.add_argument('--seed', type=whole(0, 2 ** 32 - 1), default=0,
                         metavar='N', help='of the noise')
    options.add_argument('--out', metavar='DIR', help='folder of the results '
                         '(default: runs/noise- and the runs\' names)')
    options.add_argument('--data-dir', metavar='DIR', help='as bang.py\'s')
    command_line.add_environment_options(options)
    return options


def main(args, given):
    """Measure, or continue."""
    from attacking.session import run
    from papers.bang.noise_campaign import CAMPAIGN
    return run(CAMPAIGN, args, given)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
