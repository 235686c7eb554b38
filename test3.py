#!/usr/bin/env python
"""Algorithm 2 of Song 2017: the change of the loss, pixels become 1 or 0.

    python test3.py
    python test3.py --models runs/std runs/std-T20 runs/distill
    python test3.py --arithmetic float32 logodds --samples all
    python test3.py --limit 784 --samples 100 --out runs/test3-784

Every pixel is tried at 1 and at 0; its saliency is the larger change of the
loss, |loss(pixel := 1) - loss| or |loss(pixel := 0) - loss|, and it becomes
what changed the loss more. The map is made once.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from papers.song.attack_script import script

parser, main = script(
    __doc__, 'test3', algorithm=2, variant_help=', and pixels are only tried '
    'at 1, the signed change ranking them')

if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
