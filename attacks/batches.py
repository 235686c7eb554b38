"""Classifiers are asked in batches, and answer in logits."""

from typing import Callable, NamedTuple

import numpy as np

from errors import UserError


class Classifier(NamedTuple):
    """What attacks may know: deterministic functions in NumPy."""

    #: x, images (n, c, h, w) of `dtype`, in the unit of the attack's pixels
    #: -> z, (n, classes).
    logits: Callable
    #: x, seed -> sum_j seed_j dz_j / dx, (n, c, h, w), of one seed
    #: (n, classes) an image: every gradient an attack asks for is that of
    #: some seed (`attacks.seeds`).
    pull_back: Callable
    #: Of the images and of the arithmetic, float32 or float64.
    dtype: np.dtype


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
