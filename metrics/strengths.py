"""What attacks of several strengths leave of a classifier's accuracy.

`correct` is (n, k) bool: whether image i is classified rightly at strength j,
of which `ratios` (k,) are the signal-to-noise ratios in dB, in any order. A
column of infinite ratio is that of the clean images.

A classifier whose accuracy rises with an attack's strength is attacked badly:
whoever may do more may do less, too. Cumulative accuracy counts so.
"""

import numpy as np

from metrics.proportions import rate


def accuracies(correct):
    """The accuracy at each strength, as k dicts of `rate`.

    For the cumulative accuracy, of what `cumulative` returns.
    """
    correct = np.asarray(correct, bool)                      # (n, k)
    return [rate(column.sum(), len(correct)) for column in correct.T]


def cumulative(correct, ratios):
    """Right at this strength and at every weaker one, (n, k) bool.

    Raises
    ------
    ValueError
        If there is not one ratio a column, or one is NaN.
    """
    correct, ratios = _paired(correct, ratios)
    return np.stack([correct[:, ratios >= ratio].all(axis=1)
                     for ratio in ratios], axis=1)


def recovered(correct, ratios, weak=50, strong=33):
    """Images that are wrong under a weak attack but right under a strong one.

    Of all n images, as a dict of `rate`. Their number is at least n times
    the rise of accuracy from the one to the other.

    Raises
    ------
    ValueError
        If `weak` is not weaker than `strong`, or one was not measured once.
    """
    correct, ratios = _paired(correct, ratios)
    if not weak > strong:
        raise ValueError('expected the weak attack to have the larger '
                         'signal-to-noise ratio, got %s and %s dB'
                         % (weak, strong))
    for ratio in (weak, strong):
        if np.sum(ratios == ratio) != 1:
            raise ValueError('expected one measurement at %s dB, got those '
                             'at %s' % (ratio, list(map(float, ratios))))
    at = [correct[:, np.argmax(ratios == ratio)] for ratio in (weak, strong)]
    return rate(np.sum(~at[0] & at[1]), len(correct))


def _paired(correct, ratios):
    """Both as arrays, (n, k) bool and (k,) float."""
    correct, ratios = np.asarray(correct, bool), np.asarray(ratios, float)
    if correct.shape[1:] != ratios.shape or np.isnan(ratios).any():
        raise ValueError('expected a ratio for each column of (n, k), got %s '
                         'for shape %s' % (ratios, correct.shape))
    return correct, ratios
