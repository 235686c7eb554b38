"""HC1: the hot/cold attack at the closest scoring class.

Rozsa, Rudd and Boult (2016). BANG's section 4 does not print how steps are
taken; what is here gives its row of R0 from its authors' own weights. The
direction is the gradient of the hot/cold seed itself, not its sign, divided
by its largest component: a step of s moves one pixel by s grey levels and
the others by less.

The search goes to a step of `LAST`. Beyond 255 every pixel of the direction
still moves, until it is black or white: how far the search goes decides the
rate where a model resists. The paper does not say how far; by LAST, its
authors' own R0 gives its rate, 99.53 %, to the last digit (by 512, 99.35 %).
"""

import numpy as np

from attacks.batches import in_batches
from attacks.search import grown_step, take_steps
from attacks.seeds import hot_cold_seed

LAST = 2 ** 14


def hot_cold(classifier, x, y, last=LAST, batch=1024):
    """Attack images towards their closest scoring class.

    Success is any change of class, as the paper counts, also one to a third
    class.

    Parameters
    ----------
    classifier : attacks.batches.Classifier
    x : (n, c, h, w) of its dtype
        Correctly classified images in grey levels, n >= 1.
    y : (n,) int
        Their labels.
    last : int
        The largest step, in grey levels of the pixel that moves most.
    batch : int
        Most images in one call of the classifier.

    Returns
    -------
    attacks.search.Perturbed
    """
    z = in_batches(classifier.logits, batch, x)              # (n, classes)
    direction = in_batches(classifier.pull_back, batch, x,
                           hot_cold_seed(z, y))
    largest = np.abs(direction).max(axis=(1, 2, 3), keepdims=True)
    blank = (largest == 0).ravel()                           # (n,)
    direction = direction / np.where(largest == 0, 1, largest)
    step = grown_step(classifier.logits, x, y, direction, last, batch)
    return take_steps(classifier.logits, x, direction, step, blank, batch)
