"""Success rates: their intervals, and two models on the same samples."""

import functools
from typing import NamedTuple

import numpy as np
from scipy.stats import binomtest


def wilson(count, total):
    """Wilson's score interval of a proportion, at a confidence of 95 %.

    Parameters
    ----------
    count : int
        Successes, 0..total.
    total : int
        Trials. Of no trials nothing is known: the interval is (0., 1.).

    Returns
    -------
    low, high : float
        Bounds of the proportion (not per cent).

    Raises
    ------
    ValueError
        If count is not within 0..total.

    References
    ----------
    E. B. Wilson (1927), "Probable inference, the law of succession, and
    statistical inference", JASA 22.
    """
    if not 0 <= count <= total:
        raise ValueError('expected 0 <= count <= total, got %s of %s'
                         % (count, total))
    if total == 0:
        return 0., 1.
    return interval(int(count), int(total))


@functools.lru_cache(maxsize=None)
def interval(count, total):
    """`wilson` of some trials, kept: a report asks for the same many times."""
    found = binomtest(count, total).proportion_ci(method='wilson')
    return float(found.low), float(found.high)


def rate(count, total):
    """A share as a dict: count, total and its Wilson interval, low and high.
    """
    count, total = int(count), int(total)
    low, high = wilson(count, total)
    return {'count': count, 'total': total, 'low': low, 'high': high}


def share(found):
    """A `rate` as a fraction of 1; 0 of 0 is 0."""
    return found['count'] / max(1, found['total'])


class McNemar(NamedTuple):
    """Two outcomes of the same samples, where they disagree."""

    only_first: int
    only_second: int
    p_value: float


def mcnemar(first, second):
    """McNemar's exact, two-sided test on paired outcomes.

    Only the discordant pairs speak: under the null hypothesis each falls
    to either side with probability 1/2.

    Parameters
    ----------
    first, second : (n,) bool
        Outcomes of the two models on the same samples, in the same order.

    Returns
    -------
    McNemar
        Counts of the pairs where only one is true, and the p-value
        (1. where there is no discordant pair).

    Raises
    ------
    ValueError
        If the two are not vectors of one length.

    References
    ----------
    Q. McNemar (1947), "Note on the sampling error of the difference
    between correlated proportions or percentages", Psychometrika 12.
    """
    first = np.asarray(first, bool)  # (n,)
    second = np.asarray(second, bool)  # (n,)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError('expected two vectors of one length, got shapes '
                         '%s and %s' % (first.shape, second.shape))
    return discordant(int(np.sum(first & ~second)),
                      int(np.sum(second & ~first)))


def discordant(only_first, only_second):
    """The same of two counts: how many pairs have one outcome alone true."""
    pairs = only_first + only_second
    p_value = binomtest(only_first, pairs, 0.5).pvalue if pairs else 1.
    return McNemar(only_first, only_second, float(p_value))
