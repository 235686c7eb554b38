"""Rerun the report on smoothness and Parseval, number by number.

Its tables are of SVHN (10 settings) and Tiny ImageNet (7) at width 64, hours
of a GPU a training: --parts svhn tiny-imagenet adds them. What is run unless
told so is CIFAR-10 at width 16, for a CPU: seven of its settings and a
positive control, a training that must give labels away. Each network is
attacked at SNRs from 60 to 25 dB in both arithmetics.
"""

import os

import command_line
from papers.smooth.architecture import BLOCKS, Architecture
from papers.smooth.recipes import SHORT
from study.settings import PAPER, Options

PUBLISHED = os.path.join('results', 'smooth')   # in the checkout
#: Data sets that networks are trained on: a small one, and the report's own.
CIFAR, SVHN, TINY = PARTS = ('cifar10', 'svhn', 'tiny-imagenet')
#: The report's width and number of blocks.
WIDTH, REPORTED_BLOCKS = Architecture().width, Architecture().blocks
#: What a CPU can do in days. `epochs`, `width`, `limit_train` and `blocks` are
#: CIFAR-10's: the report's own data sets are trained as the report did, unless
#: the study is a quick one.
FULL = {PAPER: 'smooth', 'dataset': CIFAR, 'seeds': 3,
        'epochs': SHORT.ends[-1], 'width': 16, 'samples': 2000,
        'limit_train': 50000, 'parts': [CIFAR], 'blocks': [REPORTED_BLOCKS]}
#: Just enough to leave the plateau, and too little to say anything.
QUICK = dict(FULL, seeds=1, epochs=3, width=4, samples=24, limit_train=5000)

OPTIONS = Options(
    study='smooth', prefix='smooth-', folder=PUBLISHED, full=FULL,
    quick={CIFAR: QUICK},
    counts=(
        ('seeds', 3, 'trainings of every setting'),
        ('epochs', FULL['epochs'], 'of every training on CIFAR-10'),
        ('width', FULL['width'], 'channels of its first blocks; the report '
         'has %d' % WIDTH),
        ('samples', FULL['samples'], 'test images attacked'),
        ('limit_train', FULL['limit_train'], 'training images of CIFAR-10, '
         'the first')),
    lists=(
        ('parts', command_line.one_of(*PARTS), 'DATA', 'of %s (default: %s; '
         'svhn and tiny-imagenet are the report\'s own, of width %d: for a '
         'GPU, --device cuda0)' % (', '.join(PARTS), CIFAR, WIDTH)),
        ('blocks', command_line.one_of(*BLOCKS), 'N', 'of the networks on '
         'CIFAR-10: 8, the report\'s, 10, or both (default: %d); on SVHN '
         'there are always both' % REPORTED_BLOCKS)),
    may_change=('seeds', 'parts', 'blocks'), length='epochs',
    at_least=('samples', 'width', 'limit_train'), datasets=(CIFAR, CIFAR),
    files='CIFAR-10 (default: $CIFAR10_DIR',
    noticed=('width', 'limit_train'))
