"""Every number in the paper, what it is compared with, and how closely.

Tolerances are the only judgement in the ledger; each has its reason in
`REASONS`. Proportions are fractions of 1; gradients are log10 of their
absolute values.
"""

import math

from study.paper import Quote

#: Why a tolerance is what it is, by the name that the quotes give.
REASONS = {
    'accuracy': (
        'twice the standard error of a difference between two accuracies '
        'near 99.2 %, each of 10,000 images, is 0.25 points'),
    'rate': (
        'the paper gives no count; 100 samples would leave 10 points'),
    'two runs': (
        'the paper\'s own two statements, 37 % and 35.69 %, are called '
        'equal; 1,000 samples would leave 3 points'),
    'at least': 'the paper says "more than"',
    'small rate': (
        'the paper\'s own two figures for the same quantity, 1.31 and '
        '2.22 %, 0.81 and 1.49 %, lie a factor of 1.7 and 1.8 apart'),
    'unit': 'a rate divided by itself',
    'magnitude': 'a power of ten is meant: half a decade to each side',
    'gradient': (
        'a power of ten of an unnamed average: three decades to each side'),
    'average': (
        'the paper says "approximately" of an unnamed average, and its own '
        'sample (Appendix B) lies 20 decades above: ten to each side'),
    'sample': (
        'one unnamed sample: it must lie between the quantiles 2.5 and '
        '97.5 % of ours')}


def _accuracy(model, name, quoted, place):
    return Quote('accuracy-' + model, 'test accuracy of %s' % name, place,
                 '%.2f %%' % quoted, quoted / 100, 'percent', 'points',
                 .003, 'accuracy', ('accuracy', model))


def _rate(name, what, place, quoted, value, model, algorithm, group=None,
          rule='points', tolerance=.1, reason='rate'):
    return Quote(name, 'success of Algorithm %d on %s' % (algorithm, what),
                 place, quoted, value, 'percent', rule, tolerance, reason,
                 ('success', model, algorithm), group)


def _small(name, what, place, quoted, model):
    return _rate(name, what, place, '%.2f %%' % quoted, quoted / 100, model,
                 2, 'alg2-' + model, 'factor', 2, 'small rate')


def _ratio(name, what, quoted, model, tolerance, reason):
    return Quote(name, 'rate of M_std over that of %s, Algorithm 2' % what,
                 'Table 2', '%.2f' % quoted, quoted, 'ratio', 'factor',
                 tolerance, reason, ('ratio', 'std', model, 2))


def _sample(name, quantity, place, quoted, value, unit, *measure):
    return Quote(name, quantity, place, quoted, value, unit, 'sample', 0,
                 'sample', measure)


_A, _B = 'Appendix A', 'Appendix B'
_MAX_A, _MAX_B = math.log10(9.78318e-05), math.log10(8.69376e-38)

QUOTES = (
    _accuracy('std', 'M_std', 99.57, '§5, eq. (5); §6'),
    _accuracy('distill', 'M_distill', 99.07, '§5, eq. (6); §6'),
    _accuracy('std-T20', 'M_std-T', 99.34, '§5, eq. (7); §6'),
    _rate('alg1-std', 'M_std', '§3.1', '66 %', .66, 'std', 1),
    _rate('alg2-std-95', 'M_std', '§3.1', 'more than 95 %', .95, 'std', 2,
          'alg2-std', 'at least', 0, 'at least'),
    _rate('alg3-std-95', 'M_std', '§3.1', 'more than 95 %', .95, 'std', 3,
          None, 'at least', 0, 'at least'),
    _rate('alg2-std-37', 'M_std', '§5', 'around 37 %', .37, 'std', 2,
          'alg2-std', 'points', .05, 'two runs'),
    _rate('alg2-std-with-distill', 'M_std, run for M_distill', '§5',
          '35.69 %', .3569, 'std', 2, 'alg2-std', 'points', .05,
          'two runs'),
    _rate('alg2-std-with-std-T', 'M_std, run for M_std-T', '§5', '35.69 %',
          .3569, 'std', 2, 'alg2-std', 'points', .05, 'two runs'),
    _small('alg2-distill', 'M_distill', '§5', 1.31, 'distill'),
    _small('alg2-std-T', 'M_std-T', '§5', .81, 'std-T20'),
    _rate('alg2-std-66', 'M_std', '§5, after Figure 10', '66 %', .66, 'std',
          2, 'alg2-std'),
    _small('alg2-distill-again', 'M_distill', '§5, after Figure 10', 2.22,
           'distill'),
    _small('alg2-std-T-again', 'M_std-T', '§5, after Figure 10', 1.49,
           'std-T20'),
    _ratio('ratio-std', 'M_std', 1., 'std', 1.005, 'unit'),
    _ratio('ratio-distill', 'M_distill', 29.77, 'distill', 2, 'small rate'),
    _ratio('ratio-std-T', 'M_std-T', 44.30, 'std-T20', 2, 'small rate'),
    _sample('map-std-mean', 'log10 |mean gradient|, M_std', _A,
            '-2.2915e-08', math.log10(2.2915e-08), 'log10',
            'mean_gradient', 'std'),
    _sample('map-std-max', 'log10 max gradient, M_std', _A, '9.78318e-05',
            _MAX_A, 'log10', 'max_gradient', 'std'),
    _sample('map-std-pixels', 'pixels perturbed, M_std', _A, '12', 12,
            'pixels', 'pixels', 'std', 1),
    _sample('map-std-T-mean', 'log10 |mean gradient|, M_std-T', _B,
            '-4.60666e-40', math.log10(4.60666e-40), 'log10',
            'mean_gradient', 'std-T20'),
    _sample('map-std-T-max', 'log10 max gradient, M_std-T', _B,
            '8.69376e-38', _MAX_B, 'log10', 'max_gradient', 'std-T20'),
    _sample('map-std-T-pixels', 'pixels perturbed, M_std-T', _B, '29', 29,
            'pixels', 'pixels', 'std-T20', 1),
    Quote('gradient-factor', 'log10 of the factor by which T = 20 reduces '
          'the gradient (medians of its maximum)', 'abstract', '10^10', 10,
          'log10', 'decades', 3, 'gradient', ('gradient_factor', 'std-T20'),
          None, (('the maxima of Appendices A and B', _MAX_A - _MAX_B),)),
    Quote('success-factor', 'factor by which T = 20 reduces the success '
          'rate, Algorithm 2', 'abstract', '10', 10, 'ratio', 'factor',
          10 ** .5, 'magnitude', ('ratio', 'std', 'std-T20', 2)),
    Quote('usable', 'share of samples with a map that is not all zero, '
          'M_std-T, Algorithm 1', '§4', 'around 30 %', .3, 'percent',
          'points', .1, 'rate', ('usable', 'std-T20', 1)),
    Quote('average-gradient', 'log10 of the average gradient (median of its '
          'maximum, exact) at T = 20', '§4', '10^-60', -60, 'log10',
          'decades', 10, 'average', ('exact_gradient', 'std-T20')))
