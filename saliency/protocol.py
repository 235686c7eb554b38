"""What counts as a success, and the record of a crafting.

Song 2017, section 3.2, step 3(c): success is a prediction that differs
from the label, within `limit` overwritten pixels. The published loop tests
the limit before the success, so that its last pixel is overwritten but
never counts (`variant='script'`); in the paper's text it counts
(`variant='paper'`).
"""

from typing import NamedTuple

import numpy as np


class Crafted(NamedTuple):
    """The crafting of n samples, all classified correctly before it.

    Attributes
    ----------
    success : (n,) bool
    steps : (n,) int
        Pixels overwritten: the paper's i, or `limit` after a failure.
    changed : (n,) int
        Pixels whose value differs in the end: overwriting a black pixel
        by 0 is a step and no change.
    prediction : (n,) int
        Of the adversarial image.
    adversarial : (n, c, h, w)
    order : (n, limit) int32
        The overwritten pixels' indices in turn, then -1.
    nonzero : (n,) int
        Pixels that the (first) map tells from no effect.
    """

    success: np.ndarray
    steps: np.ndarray
    changed: np.ndarray
    prediction: np.ndarray
    adversarial: np.ndarray
    order: np.ndarray
    nonzero: np.ndarray


def may_succeed(step, limit, variant):
    """Whether a fooled prediction after `step` pixels counts.

    Parameters
    ----------
    step : int or array of int
    limit : int
        Most pixels to overwrite.
    variant : 'paper' or 'script'
    """
    return step <= limit if variant == 'paper' else step < limit


def changed_pixels(adversarial, x):
    """Pixels that differ between two (n, c, h, w) stacks, (n,) int."""
    return np.sum(adversarial != x, axis=(1, 2, 3))
