"""Rerun what BANG's paper says of LeNet, and say number by number what held.

Table 1: R0, R1 and B0 to B5, every seed, attacked by FGS under three rules
of a blank gradient and by HC1, scored by PASS. Figure 3: random noise over
the trainings of R0 and B1. Figure 2: 169 models of other beta and epsilon,
coarse before fine.
"""

import os

import command_line
from errors import UserError
from study.settings import PAPER, Options

PUBLISHED = os.path.join('results', 'bang')   # in the checkout
#: Figure 2: 13 x 13 models.
BETAS = tuple(round(1 + .05 * k, 2) for k in range(13))
EPSILONS = tuple(round(.78 + .005 * k, 3) for k in range(13))
#: The paper's. `samples` is how many test images are attacked, None all; the
#: noise is that of its figure 3.
FULL = {PAPER: 'bang', 'dataset': 'mnist', 'seeds': 3, 'iterations': 10000,
        'samples': None, 'grid_samples': 1000, 'noise_images': 100,
        'noise_repeats': 1000, 'betas': BETAS, 'epsilons': EPSILONS}
QUICK = dict(FULL, seeds=1, iterations=300, samples=24, grid_samples=12,
             noise_images=2, noise_repeats=5, betas=(1., 1.6),
             epsilons=(.78, .84))
EVERY = 500   # iterations between two validations, as in figure 3


def check(settings):
    """Refuse trainings that would not end with a validation."""
    if settings['iterations'] % min(EVERY, settings['iterations']):
        raise UserError('--iterations: expected a multiple of %d, or fewer, '
                        'got %d' % (EVERY, settings['iterations']))


OPTIONS = Options(
    study='bang', prefix='bang-', folder=PUBLISHED, full=FULL,
    quick={name: dict(QUICK, dataset=name) for name in ('digits', 'mnist')},
    counts=(
        ('seeds', 3, 'trainings of every row of table 1'),
        ('iterations', 10000, 'batches of every training'),
        ('samples', 'all', 'test images attacked, of table 1\'s models'),
        ('grid_samples', 1000, 'the same, of figure 2\'s models'),
        ('noise_images', 100, 'test images a class under noise'),
        ('noise_repeats', 1000, 'distortions of each')),
    lists=(
        ('betas', command_line.number(0, inclusive=False), 'B', 'of figure 2 '
         '(default: 1, 1.05, ... 1.6; --quick: 1 1.6)'),
        ('epsilons', command_line.number(0), 'E', 'of figure 2 (default: '
         '0.78, 0.785, ... 0.84; --quick: 0.78 0.84)')),
    may_change=('seeds', 'betas', 'epsilons'), length='iterations',
    # Figure 3's interval is its images'.
    at_least=('samples', 'grid_samples', 'noise_images'), check=check)
