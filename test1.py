#!/usr/bin/env python
"""Algorithm 1 of Song 2017: the signed gradient, pixels become 1.

    python test1.py
    python test1.py --models runs/std runs/std-T20 runs/distill
    python test1.py --arithmetic float32 logodds --samples all
    python test1.py --limit 784 --samples 100 --out runs/test1-784

The saliency of a pixel is d loss / d pixel, largest first, and the pixel
becomes 1. The map is made once.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from papers.song.attack_script import script

parser, main = script(__doc__, 'test1', algorithm=1)

if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
