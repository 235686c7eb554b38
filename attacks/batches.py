"""Classifiers are asked in batches, and answer in logits."""

import numpy as np

from errors import UserError


def predictions(z):
    """Classes of logits (n, classes), (n,) int64: ties to the lowest index.

    Raises
    ------
    UserError
        If a logit is NaN, which argmax would take for a class.
    """
    if np.isnan(z).any():
        raise UserError('expected logits that are numbers, got NaN: check '
                        'the model (weights, temperature)')
    return np.argmax(z, axis=1)


def in_batches(function, batch, *arrays):
    """Apply `function` to at most `batch` rows at a time and join.

    Parameters
    ----------
    function : callable
        Takes as many arrays as are given, returns one; all batch first.
    batch : int
        Bound on the rows of one call, and so on the memory it takes.
    *arrays : (n, ...) arrays
        n >= 1.
    """
    starts = range(0, len(arrays[0]), batch)
    return np.concatenate([
        function(*(array[start:start + batch] for array in arrays))
        for start in starts])
