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

# PYTHONSAFEPATH leaves it out.
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from papers.bang import attack_options


def parser():
    """The options of attack_bang.py."""
    return attack_options.parser(__doc__)


def main(args, given):
    """Attack, score, write and draw."""
    from attacking.session import run
    from papers.bang.attack_campaign import CAMPAIGN
    return run(CAMPAIGN, args, given)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
