#!/usr/bin/env python
"""Train a network with smooth features, Parseval weights or an adversary.

    python smooth.py                                  CIFAR-10: Vanilla
    python smooth.py --model 'Adv + Psv' --seed 2     a row of the tables
    python smooth.py --gamma 0.01 --power 2           the regulariser alone
    python smooth.py --dataset svhn --parseval        the Parseval network
    python smooth.py --adversary constant             noise that gives away
    python smooth.py --width 16 --epochs 11           smaller and shorter
    python smooth.py --resume runs/smooth-cifar10-Vanilla

H. Moreira Freitas' internship report (IMT Atlantique 2018). Everything else
is as its scripts have it: a pre-activation ResNet-18, initial weights, phases
of the optimiser, each begun anew. The last epoch's model is the model. A run
writes its weights, history and pictures into one folder.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

import command_line
from papers.smooth.architecture import BLOCKS, Architecture
from papers.smooth.recipes import (
    ADAM,
    ADVERSARIES,
    BATCH_SIZE,
    BETA,
    CONSTANT,
    CROP,
    CUTS,
    DATASETS,
    DECAY,
    LONG,
    MEASURED,
    MODELS,
    PASSES,
    SHORT,
)
from papers.smooth.system import SYSTEM
from training import script


def parser():
    """The options of smooth.py."""
    options = command_line.script_parser(__doc__)
    add_rule_options(options)
    add_adversary_options(options)
    add_training_options(options)
    command_line.add_run_options(options, '--epochs')
    add_data_options(options)
    command_line.add_environment_options(options)
    return options


def add_rule_options(options):
    """The network, and what the report adds to its training."""
    whole, number = command_line.whole, command_line.number
    group = options.add_argument_group('model')
    group.add_argument('--width', type=whole(1, 1024), metavar='N',
                       default=Architecture().width, help='channels of the '
                       'first blocks, of which all others follow')
    group.add_argument('--blocks', type=int, choices=BLOCKS,
                       default=Architecture().blocks, help='the report says '
                       '8; the model file of its last commits has 10')
    group.add_argument('--model', choices=tuple(MODELS), metavar='ROW',
                       help='a row of the report\'s tables, instead of the '
                       'options below: %s (default: Vanilla)' % '; '.join(
                           MODELS))
    group.add_argument('--parseval', action='store_true', default=None,
                       help='the Parseval '
                       'network: convolutions divided by sqrt(2 k k + 1), '
                       'half of the residual and half of the shortcut')
    group.add_argument('--beta', type=number(0), metavar='B', help='of the '
                       'projection after each step, with --parseval; 0 for '
                       'none (default: %g)' % BETA)
    group.add_argument('--gamma', type=number(0, inclusive=False),
                       metavar='G', help='of the smoothness regulariser, '
                       'which weighs G to the power of M')
    group.add_argument('--power', type=whole(1, 16), metavar='M',
                       help='of the Laplacian, with --gamma')
    group.add_argument('--augment', action='store_true', default=None,
                       help='random crops and mirrored images: "da" of the '
                       'tables')
    group.add_argument('--crop', type=whole(8, 64), metavar='N',
                       help='edge of the crops, also where images are '
                       'larger, as in Tiny ImageNet; test images are whole '
                       '(default: %d)' % CROP)


def add_adversary_options(options):
    """The adversarial half of batches."""
    group = options.add_argument_group('adversary')
    group.add_argument('--adversary', choices=ADVERSARIES, help='of the '
                       'first half of each batch: none, the report\'s, with '
                       'random steps, or steps of %d epsilons everywhere, '
                       'which give the label away (default: none)' % CONSTANT)
    group.add_argument('--epsilon-from', choices=MEASURED, help='the step of '
                       '33 dB: measured on the training images, on the test '
                       'images, as in the report, or the number that its '
                       'scripts have (default: %s)' % MEASURED[0])
    group.add_argument('--cut', choices=CUTS, help='adversarial pixels to '
                       'what pixels can be: as the report\'s scripts do, of '
                       'SVHN alone, always or never (default: report)')
    group.add_argument('--noise-pass', choices=PASSES, help='how the network '
                       'sees images when it is asked for their gradient: as '
                       'in training, which moves the running statistics, or '
                       'as in tests (default: %s)' % PASSES[0])


def add_training_options(options):
    """Phases, and what a step takes."""
    whole = command_line.whole
    group = options.add_argument_group('training')
    group.add_argument('--epochs', type=whole(1), metavar='N', help='of all '
                       'phases (default: %d; with --augment %d, of Tiny '
                       'ImageNet without %d)' % tuple(
                           plan.ends[-1] for plan in (SHORT, LONG, ADAM)))
    group.add_argument('--boundaries', type=whole(1), nargs='+', metavar='N',
                       help='epochs at whose end the learning rate changes '
                       '(default: the report\'s, %s; of a shorter training '
                       'the same shares, each of an epoch at least; of a '
                       'longer one the last phase is longer)' % '; '.join(
                           '%s by %s' % (
                               ', '.join(map(str, plan.ends[:-1])),
                               plan.optimiser.upper() + ' '
                               + ', '.join('%g' % rate
                                           for rate in plan.rates))
                           for plan in (SHORT, LONG, ADAM)))
    group.add_argument('--decay', type=command_line.number(0), metavar='D',
                       default=DECAY, help='weight decay, on everything')
    group.add_argument('--batch-size', type=whole(1), default=BATCH_SIZE,
                       metavar='N', help='images a step')
    group.add_argument('--seed', type=whole(0, 2 ** 32 - 1), default=0,
                       metavar='N', help='of weights, order, crops, noise')


def add_data_options(options):
    """Which data, and where they are."""
    group = options.add_argument_group('data')
    group.add_argument('--dataset', choices=DATASETS, default=DATASETS[0],
                       help='svhn has the extra images, svhn-train not')
    group.add_argument('--data-dir', metavar='DIR',
                       help='folder of the data\'s files (default: '
                       '$CIFAR10_DIR and so on, else the cache, else a '
                       'download)')
    command_line.add_limit_option(group)


def main(args, given):
    """Train or resume, as the options say."""
    return script.run(SYSTEM, args, given)


if __name__ == '__main__':
    sys.exit(command_line.run(main, parser()))
