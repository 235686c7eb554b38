"""What BANG's paper prints of LeNet, and how closely we look.

Table 1 and what section 4.1 says in numbers. Percentages are fractions of 1,
distances grey levels.
"""

from papers.bang.attack_names import FGS, HC1
from papers.bang.printed import TABLES
from study.paper import Quote

NET = 'lenet'
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
    'mean': (
        'a fifth of the standard deviation over images that the paper prints '
        'beside it: what Cohen calls a small effect'),
    'blank': 'the paper says "almost every single"',
    'text': (
        'in words ("approximately", "only"), one training each, and the two '
        'lie a factor of 7 apart: within a factor of 1.5')}

_COLUMNS = (('rate', 'success of %s on %s', 'percent'),
            ('passed', 'mean PASS of %s on %s', 'score'),
            ('l_infinity', 'mean L-infinity of %s on %s', 'levels'))


def _accuracy(model, row):
    return Quote('accuracy-' + model, 'test accuracy of ' + model, 'Table 1',
                 '%.2f %%' % row.accuracy, row.accuracy / 100, 'percent',
                 'points', .0025, 'accuracy', ('accuracy', model))


def _rate(model, attack, percent):
    if model[0] == 'R':
        rule, reason = 'points', 'regular rate'
        tolerance = .0324 if attack == PUBLISHED else .0072
    elif attack == PUBLISHED:
        rule, tolerance, reason = 'factor', 2, 'small rate'
    else:
        rule, tolerance, reason = 'points', .0282, 'rate'
    return ('%.2f %%' % percent, percent / 100, 'percent', rule, tolerance,
            reason)


def _mean(pair, form, unit):
    mean, deviation = pair
    return ('%s ± %s' % (form % mean, form % deviation), mean, unit,
            'within', deviation / 5, 'mean')


def _attack(model, attack, printed):
    """Three quotes: rate, PASS and L-infinity of one attack."""
    short = 'FGS' if attack == PUBLISHED else HC1
    cells = (_rate(model, attack, printed.rate),
             _mean(printed.passed, '%.4f', 'score'),
             _mean(printed.l_infinity, '%.2f', 'levels'))
    return [Quote('%s-%s-%s' % (short.lower(), name, model),
                  words % (short, model), 'Table 1', *cell,
                  measure=(name, model, attack))
            for (name, words, _), cell in zip(_COLUMNS, cells)]


def _noise(name, run, quoted, value):
    return Quote('noise-' + name, 'distortions by noise of 100 grey levels '
                 'that change the class, %s' % run, '§4.1', quoted, value,
                 'percent', 'factor', 1.5, 'text', ('noise', name, 100))


def _quotes():
    quotes = []
    for model, row in TABLES[NET].items():
        quotes.append(_accuracy(model, row))
        quotes += _attack(model, PUBLISHED, row.fgs)
        quotes += _attack(model, HC1, row.hc1)
    quotes.append(Quote(
        'blank', 'share of B1\'s failures of FGS that are blank gradients (a '
        'loss of exactly 0)',
        '§4.1', 'almost every single', .95, 'percent', 'at least', 0,
        'blank', ('blank', 'B1')))
    return tuple(quotes + [_noise('regular', 'R0', 'some 20 %', .2),
                           _noise('bang', 'B1', 'some 3 %', .03)])


QUOTES = _quotes()
