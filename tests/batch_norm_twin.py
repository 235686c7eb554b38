"""Batch normalisation in NumPy, written for clarity, not for speed."""

import numpy as np

EPSILON = 1e-5


def axes(x):
    """All but the channels of x, (n, c, h, w) or (n, c)."""
    return tuple(axis for axis in range(x.ndim) if axis != 1)


def wide(values, x):
    """Values (c,) as they go with x."""
    return values.reshape((1, -1) + (1,) * (x.ndim - 2))


def in_training(x, scale, shift, gradient):
    """y, and the gradients of x, scale and shift, of that of y."""
    mean, variance = x.mean(axes(x)), x.var(axes(x))
    root = np.sqrt(wide(variance, x) + EPSILON)
    z = (x - wide(mean, x)) / root
    below = gradient * wide(scale, x)
    # z's own mean and deviation follow x: less what is along them.
    gx = (below - wide(below.mean(axes(x)), x)
          - z * wide((below * z).mean(axes(x)), x)) / root
    return wide(scale, x) * z + wide(shift, x), (
        gx, (gradient * z).sum(axes(x)), gradient.sum(axes(x)))


def in_tests(x, scale, shift, mean, variance):
    """y by running statistics."""
    return wide(scale, x) * (x - wide(mean, x)) / np.sqrt(
        wide(variance, x) + EPSILON) + wide(shift, x)


def moved_statistics(x, mean, variance):
    """The running mean and variance after a batch."""
    return (.9 * mean + .1 * x.mean(axes(x)),
            .9 * variance + .1 * x.var(axes(x), ddof=1))
