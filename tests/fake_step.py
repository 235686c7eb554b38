"""A step that takes no time: adds numbers, and tells who ran it.

    python fake_step.py --add N [--read FOLDER ...] --out FOLDER
"""

import argparse
import os
import time


def number(folder):
    with open(os.path.join(folder, 'sum.npz')) as stream:
        return int(stream.read())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--add', type=int)
    parser.add_argument('--read', nargs='*', default=[])
    parser.add_argument('--out')
    parser.add_argument('--device')
    parser.add_argument('--threads')
    args = parser.parse_args()
    with open('journal', 'a') as stream:
        stream.write('%s %d %d\n' % (args.out, os.getpid(), os.getppid()))
    while os.path.exists('hold-' + args.out):
        time.sleep(.05)
    if os.path.exists('fail-' + args.out):
        parser.error('told to fail')
    os.makedirs(args.out, exist_ok=True)
    with open(os.path.join(args.out, 'sum.npz'), 'w') as stream:
        stream.write('%d' % (args.add + sum(map(number, args.read))))


if __name__ == '__main__':
    main()
