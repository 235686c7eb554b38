"""What FGS, HC1 and random distortions may know of a classifier."""

from typing import Callable, NamedTuple

import numpy as np


class Classifier(NamedTuple):
    """A classifier as deterministic functions, NumPy in and out.

    Attributes
    ----------
    logits : x -> (n, classes)
        z of images in grey levels, (n, c, h, w) of `dtype`.
    pull_back : x, seed -> (n, c, h, w)
        sum_j seed_j dz_j / dx, of one seed (n, classes) an image: every
        gradient an attack asks for is that of some seed (`attacks.seeds`).
    dtype : np.dtype
        Of the images and of the arithmetic, float32 or float64.
    """

    logits: Callable
    pull_back: Callable
    dtype: np.dtype
