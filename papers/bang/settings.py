"""Rerun what BANG's paper says, and say number by number what held.

Table 1, LeNet on MNIST, and table 2, CIFAR-10 quick: R0, R1 and B0 to B5,
every seed, attacked by FGS under three rules of a blank gradient and by HC1,
scored by PASS. Figures 3 and 5: random noise over the trainings of a regular
model and one of BANG. Figures 2 and 4: 169 models each of other beta and
epsilon, coarse before fine.
"""

import os

import command_line
from errors import UserError
from study.settings import PAPER, Options

PUBLISHED = os.path.join('results', 'bang')   # in the checkout
#: The paper's tables: LeNet trained on all images of MNIST, or on the first
#: 50,000; CIFAR-10 quick attacked as the paper's figures show, or by gradients
#: whose channels are the images'.
LENET, LENET_50000 = 'lenet', 'lenet-50000'
CIFAR, CIFAR_OWN = 'cifar10', 'cifar10-own'
#: What the ledger's rows of table 1 are measured on: with Caffe's softmax, one
#: seed says more of the paper than three with Theano's.
OF_TABLE_1 = LENET
#: Figures 2 and 4: 13 x 13 models.
BETAS, CIFAR_BETAS = (tuple(round(low + .05 * k, 2) for k in range(13))
                      for low in (1., .4))
EPSILONS, CIFAR_EPSILONS = (tuple(round(low + .005 * k, 3)
                                  for k in range(13)) for low in (.78, .8))
#: The paper's. `samples` is how many test images are attacked, None all; the
#: noise is that of its figures 3 and 5.
FULL = {PAPER: 'bang', 'dataset': 'mnist', 'seeds': 3, 'iterations': 10000,
        'tables': [LENET, LENET_50000, CIFAR], 'cifar_iterations': 20000,
        'cifar_betas': CIFAR_BETAS, 'cifar_epsilons': CIFAR_EPSILONS,
        'samples': None, 'grid_samples': 1000, 'noise_images': 100,
        'noise_repeats': 1000, 'betas': BETAS, 'epsilons': EPSILONS}
#: Without CIFAR-10, which --quick is to need no download of.
QUICK = dict(FULL, tables=[LENET, LENET_50000], seeds=1, iterations=300,
             samples=24, grid_samples=12, noise_images=2, noise_repeats=5,
             betas=(1., 1.6), epsilons=(.78, .84))
#: Iterations between two validations, by the setting of all: as in the
#: figures of noise.
EVERY = {'iterations': 500, 'cifar_iterations': 1000}


def check(settings):
    """Refuse trainings that would not end with a validation."""
    for name, every in EVERY.items():
        if settings[name] % min(every, settings[name]):
            raise UserError('--%s: expected a multiple of %d, or fewer, got '
                            '%d' % (name.replace('_', '-'), every,
                                    settings[name]))


OPTIONS = Options(
    study='bang', prefix='bang-', folder=PUBLISHED, full=FULL,
    quick={name: dict(QUICK, dataset=name) for name in ('digits', 'mnist')},
    counts=(
        ('seeds', 3, 'trainings of every row of a table'),
        ('iterations', 10000, 'batches of every training of LeNet'),
        ('cifar_iterations', 20000, 'batches of every one of CIFAR-10 quick'),
        ('samples', 'all', 'test images attacked, of the tables\' models'),
        ('grid_samples', 1000, 'the same, of the grids\' models'),
        ('noise_images', 100, 'test images a class under noise'),
        ('noise_repeats', 1000, 'distortions of each')),
    lists=(
        ('betas', command_line.number(0, inclusive=False), 'B', 'of figure 2 '
         '(default: 1, 1.05, ... 1.6; --quick: 1 1.6)'),
        ('epsilons', command_line.number(0), 'E', 'of figure 2 (default: '
         '0.78, 0.785, ... 0.84; --quick: 0.78 0.84)'),
        ('cifar_betas', command_line.number(0, inclusive=False), 'B', 'of '
         'figure 4 (default: 0.4, 0.45, ... 1)'),
        ('cifar_epsilons', command_line.number(0), 'E', 'of figure 4 '
         '(default: 0.8, 0.805, ... 0.86)')),
    may_change=('seeds', 'betas', 'epsilons', 'cifar_betas',
                'cifar_epsilons'), length='iterations',
    # The interval of noise is its images'.
    at_least=('samples', 'grid_samples', 'noise_images'), check=check)
