#!/usr/bin/env python
"""Algorithm 3 of Song 2017: the size of the gradient, pixels become 1 or 0.

    python test2.py
    python test2.py --models runs/std runs/std-T20 runs/distill
    python test2.py --arithmetic float32 logodds --samples all
    python test2.py --limit 784 --samples 100 --out runs/test2-784

The saliency of a pixel is |d loss / d pixel|; the pixel becomes 1 where the
gradient is positive, else 0. The map is made once. (The published script of
this name holds another algorithm: the loop of test3.py --variant script.)
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from papers.song.attack_script import script

parser, main = script(
    __doc__, 'test2', algorithm=3, variant_help='. The published test2.py '
    'holds the signed difference instead: see test3.py --variant script')

if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
