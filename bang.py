#!/usr/bin/env python
"""Train LeNet or CIFAR-10 quick regularly or with BANG (Rozsa et al.).

    python bang.py                            regularly: R0
    python bang.py --bang                     by BANG, as the paper's figures
    python bang.py --model B3 --seed 2        a row of the paper's table
    python bang.py --beta 1.3 --epsilon 0.8   a point of its grid
    python bang.py --net cifar-quick --model B0 --dataset cifar10
    python bang.py --resume runs/bang-B1      continue after any interruption

Everything else is as Caffe ships these networks: initial weights, solver,
order of the samples, number of iterations. The last iterate is the model. A
run writes its weights, history and pictures into one folder.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from papers.bang.recipes import CHOSEN, RECIPES, SOFTMAX, TRAIN_IMAGES
from papers.bang.system import DATASETS, SYSTEM
from training import script


def parser():
    """The options of bang.py."""
    whole, number = command_line.whole, command_line.number
    options = command_line.script_parser(__doc__)
    group = options.add_argument_group('training')
    group.add_argument('--net', choices=tuple(RECIPES), default='lenet',
                       help='which network, with its solver')
    group.add_argument('--model', choices=tuple(RECIPES['lenet'].models),
                       help='a row of the paper\'s table 1 (LeNet) or 2; R1 '
                       'is R0 with other random numbers (default: R0)')
    group.add_argument('--bang', action='store_true', help='the model of the '
                       'paper\'s figures: %s' % ', '.join(
                           '%s %s' % pair for pair in CHOSEN.items()))
    group.add_argument('--beta', type=number(0, inclusive=False),
                       metavar='B', help='train by BANG, with this factor of '
                       'all gradients (default: that of --bang)')
    group.add_argument('--epsilon', type=number(0), metavar='E',
                       help='train by BANG, balancing this much (default: '
                       'that of --bang)')
    group.add_argument('--ratio', type=number(0), metavar='R',
                       help='train by BANG, with epsilon times this for '
                       'misclassified elements (default: that of --bang)')
    group.add_argument('--softmax', choices=SOFTMAX, help='of training by '
                       'BANG: summed in the precision of the weights, as '
                       'Caffe does, or in double precision, as Theano does '
                       '(default: caffe)')
    group.add_argument('--train-images', type=int, choices=TRAIN_IMAGES,
                       help='of MNIST, which LeNet trains on: the paper says '
                       '50000, the other 10000 to validate; Caffe\'s own '
                       'solver takes all, which the test images validate '
                       '(default: %d)' % TRAIN_IMAGES[0])
    group.add_argument('--iterations', type=whole(1), metavar='N',
                       help='batches to train on (default: %s)' % ', '.join(
                           '%s %d' % (name, recipe.iterations)
                           for name, recipe in RECIPES.items()))
    group.add_argument('--seed', type=whole(0, 2 ** 32 - 1), default=0,
                       metavar='N', help='of weights and dropout')
    add_output_options(options)
    add_data_options(options)
    command_line.add_environment_options(options)
    return options


def add_output_options(options):
    """Where results go, and what is kept of the way there."""
    group = command_line.add_run_options(options, '--iterations')
    group.add_argument('--test-every', type=command_line.whole(1),
                       default=500, metavar='N',
                       help='iterations between two validations')
    group.add_argument('--snapshots', action='store_true',
                       help='keep the weights at every validation, for '
                       'noise_bang.py')


def add_data_options(options):
    """Which data, and where they are."""
    group = options.add_argument_group('data')
    group.add_argument(
        '--dataset', choices=sum(DATASETS.values(), ()),
        help='for LeNet auto: MNIST, or scikit-learn\'s digits, with a loud '
        'notice, where MNIST is neither on disk nor to be downloaded; for '
        'cifar-quick CIFAR, proved to be the original pixels, or a folder of '
        'other images, train and test with a folder a class (default: auto, '
        'cifar10)')
    group.add_argument('--data-dir', metavar='DIR',
                       help='folder of the data\'s files (default: '
                       '$MNIST_DIR, $CIFAR10_DIR or $CIFAR100_DIR, else the '
                       'cache, else a download)')
    command_line.add_limit_option(group)


def main(args, given):
    """Train or resume, as the options say."""
    return script.run(SYSTEM, args, given)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
