#!/usr/bin/env python
"""Algorithm 4 of Song 2017: Algorithm 2, rebuilt after every pixel.

    python test4.py
    python test4.py --models runs/std runs/std-T20 runs/distill
    python test4.py --arithmetic float32 logodds --samples all
    python test4.py --limit 784 --samples 100 --out runs/test4-784

Every pixel is tried at 1 and at 0, as in test3.py, but again after every
overwritten pixel: some 80,000 probes a sample, so 100 samples are the
default. The paper proposes it and does not carry it out.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from papers.song.attack_script import script

parser, main = script(
    __doc__, 'test4', algorithm=4, samples=100, variant_help=', and pixels '
    'are only tried at 1, the signed change ranking them')

if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
