"""How far apart two discrete images are."""

import numpy as np


def l_infinity(first, second):
    """The largest difference of a pixel of uint8 images, grey levels (n,)."""
    difference = np.abs(first.astype(int) - second)          # (n, ...)
    return difference.reshape(len(difference), -1).max(axis=1)
