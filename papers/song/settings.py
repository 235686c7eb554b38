"""Rerun the whole of Song 2017, and say number by number what held.

Its models, attacked by Algorithms 1 to 4 as in the text and as in the
scripts; the temperature sweep; attacks that may overwrite all pixels.
"""

import command_line
from study.settings import Options

PUBLISHED = 'results'   # in the checkout
HOT = 20
TEMPERATURES = (1, 2, 5, 10, 20, 30, 40, 50, 70, 100, 200)
#: The paper's.
FULL = {'dataset': 'mnist', 'seeds': 3, 'epochs': 50, 'sweep_epochs': 50,
        'samples': 1000, 'samples4': 100, 'sweep_samples': 200,
        'sweep_samples4': 20, 'temperatures': TEMPERATURES,
        'student_rate': 0.05}
#: At a rate of 0.05 a student of the digits would need 50 epochs.
_FEW = {'seeds': 1, 'samples': 24, 'samples4': 4, 'sweep_samples': 12,
        'sweep_samples4': 2, 'temperatures': (1, 5, 20), 'student_rate': 0.1}
QUICK = {'digits': dict(_FEW, dataset='digits', epochs=20, sweep_epochs=20),
         'mnist': dict(_FEW, dataset='mnist', epochs=2, sweep_epochs=2)}
OPTIONS = Options(
    study='paper', prefix='', folder=PUBLISHED, full=FULL, quick=QUICK,
    counts=(
        ('seeds', 3, 'trainings of every model'),
        ('epochs', 50, 'of every training'),
        ('sweep_epochs', 'as --epochs', 'of those of the sweep'),
        ('samples', 1000, 'test samples of Algorithms 1 to 3'),
        ('samples4', 100, 'test samples of Algorithm 4'),
        ('sweep_samples', 200, 'the same, for the sweep\'s models'),
        ('sweep_samples4', 20, 'the same, for the sweep\'s models')),
    lists=(('temperatures', command_line.number(0, inclusive=False), 'T',
            'of the sweep (default: 1 2 5 10 20 30 40 50 70 100 200; '
            '--quick: fewer)'),),
    may_change=('seeds', 'temperatures'), length='epochs',
    at_least=('samples',), follows={'sweep_epochs': 'epochs'})
