"""What BANG's paper prints, and how closely we look.

Tables 1 and 2 and what sections 4.1 and 4.2 say in numbers. Percentages are
fractions of 1, distances grey levels.
"""

from papers.bang.attack_names import FGS, HC1
from papers.bang.plan import TABLES
from papers.bang.printed import printed
from papers.bang.recipes import CHOSEN, RECIPES
from papers.bang.settings import CIFAR, LENET_50000, OF_TABLE_1
from study.paper import Quote

PUBLISHED, _, LOG_ODDS = FGS
#: Why a tolerance is what it is, by the name that the quotes give.
REASONS = {
    'accuracy': (
        'twice the standard error of a difference between two accuracies '
        'near 99.2 %, each of 10,000 images, is 0.25 points'),
    'regular rate': (
        'R0 and R1 of the paper, alike but for random numbers, lie 1.08 '
        'points apart (FGS) and 0.24 (HC1); one more training of either may '
        'well lie three times as far off'),
    'small rate': (
        'one training each, and the six of the paper span a factor of 2.9: '
        'within a factor of 2'),
    'rate': (
        'those of the paper\'s models that differ little (B0 to B3), one '
        'training each, lie 0.94 points apart; three times as far'),
    'CIFAR-10 accuracy': (
        'twice the standard error of a difference between two accuracies '
        'near 79.5 %, each of 10,000 images, is 1.14 points'),
    'CIFAR-10 regular rate': (
        'twice the standard error of a difference between two rates, each of '
        'some 7,950 images, is 0.57 points near 96.6 % (FGS) and 0.32 near '
        '98.9 % (HC1); R0 and R1 of the paper lie nearer'),
    'CIFAR-10 rate': (
        'B1 and B2 of the paper, of nearly the same epsilon and one training '
        'each, lie 4.23 points apart (FGS) and 2.14 (HC1): as far'),
    'mean': (
        'a fifth of the standard deviation over images that the paper prints '
        'beside it: what Cohen calls a small effect'),
    'blank': 'the paper says "almost every single" of LeNet, "the majority" '
             'of CIFAR-10',
    'text': (
        'in words ("approximately", "only"), one training each, and the two '
        'lie a factor of 7 apart: within a factor of 1.5'),
    'CIFAR-10 noise': (
        'twice the standard error of a difference between two means over '
        '1,000 images whose shares deviate by some 0.35 is 3 points')}
#: By table and kind of model (R or B): rule, tolerances of FGS's and HC1's
#: rate, and their reasons.
_RATES = {
    (OF_TABLE_1, 'R'): (('points', .0324, 'regular rate'),
                        ('points', .0072, 'regular rate')),
    (OF_TABLE_1, 'B'): (('factor', 2, 'small rate'),
                        ('points', .0282, 'rate')),
    (CIFAR, 'R'): (('points', .0057, 'CIFAR-10 regular rate'),
                   ('points', .0032, 'CIFAR-10 regular rate')),
    (CIFAR, 'B'): (('points', .0423, 'CIFAR-10 rate'),
                   ('points', .0214, 'CIFAR-10 rate'))}
#: By table: what ids and quantities begin with, the place in the paper, and
#: the tolerance of accuracies.
_PLACES = {OF_TABLE_1: ('', '', 'Table 1', .0025, 'accuracy'),
           CIFAR: ('cifar10-', 'CIFAR-10: ', 'Table 2', .0114,
                   'CIFAR-10 accuracy')}
_COLUMNS = (('rate', 'success of %s on %s', 'percent'),
            ('passed', 'mean PASS of %s on %s', 'score'),
            ('l_infinity', 'mean L-infinity of %s on %s', 'levels'))


def _row(table, model):
    """The seven quotes of a row: accuracy, and three of either attack."""
    row = printed(TABLES[table].net, model)
    short, long, place, tolerance, reason = _PLACES[table]
    quotes = [Quote(short + 'accuracy-' + model,
                    long + 'test accuracy of ' + model, place,
                    '%.2f %%' % row.accuracy, row.accuracy / 100, 'percent',
                    'points', tolerance, reason, ('accuracy', table, model))]
    for name, attack, numbers, rate in zip(
            ('FGS', HC1), (PUBLISHED, HC1), (row.fgs, row.hc1),
            _RATES[table, model[0]]):
        cells = (('%.2f %%' % numbers.rate, numbers.rate / 100, 'percent')
                 + rate, _mean(numbers.passed, '%.4f', 'score'),
                 _mean(numbers.l_infinity, '%.2f', 'levels'))
        quotes += [Quote('%s%s-%s-%s' % (short, name.lower(), column, model),
                         long + words % (name, model), place, *cell,
                         measure=(column, table, model, attack))
                   for (column, words, _), cell in zip(_COLUMNS, cells)]
    return quotes


def _mean(pair, form, unit):
    mean, deviation = pair
    return ('%s ± %s' % (form % mean, form % deviation), mean, unit,
            'within', deviation / 5, 'mean')


def _blank(table, quoted, least, place):
    model = {OF_TABLE_1: 'B1', CIFAR: 'B0'}[table]
    short, long, *_ = _PLACES[table]
    return Quote(short + 'blank', '%sshare of %s\'s failures of FGS that are '
                 'blank gradients (a loss of exactly 0)' % (long, model),
                 place, quoted, least, 'percent', 'at least', 0, 'blank',
                 ('blank', table, model))


def _noise(table, name, sigma, place, quoted, value, *judged):
    net = TABLES[table].net
    short, long, *_ = _PLACES[OF_TABLE_1 if net == 'lenet' else table]
    return Quote('%snoise-%s' % (short, name), '%sdistortions by noise of %d '
                 'grey levels that change the class, %s' % (
                     long, sigma, 'R0' if name == 'regular' else CHOSEN[net]),
                 place, quoted, value, 'percent', *judged,
                 ('noise', table, name, sigma))


def _quotes():
    quotes = []
    for table in (OF_TABLE_1, CIFAR):
        for model in RECIPES[TABLES[table].net].models:
            quotes += _row(table, model)
    words, noise = ('factor', 1.5, 'text'), ('points', .03, 'CIFAR-10 noise')
    return tuple(quotes + [
        _blank(OF_TABLE_1, 'almost every single', .95, '§4.1'),
        _blank(CIFAR, 'the majority', .5, '§4.2'),
        _noise(LENET_50000, 'regular', 100, '§4.1', 'some 20 %', .2, *words),
        _noise(LENET_50000, 'bang', 100, '§4.1', 'some 3 %', .03, *words),
        _noise(CIFAR, 'regular', 40, '§4.2', '46.0 %', .46, *noise),
        _noise(CIFAR, 'bang', 40, '§4.2', '39.1 %', .391, *noise)])


QUOTES = _quotes()
