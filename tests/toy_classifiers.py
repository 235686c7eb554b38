"""Small classifiers in NumPy, as attacks see them."""

import numpy as np

from attacks.batches import Classifier

SHAPE = (1, 4, 5)
CLASSES = 6


def toy(seed=0, scale=1., dtype=np.float64, shape=SHAPE):
    """z = W max(V x / 256 + c, 0) + b, as a Classifier."""
    generator = np.random.RandomState(seed)
    first = generator.randn(np.prod(shape), 12).astype(dtype)
    second = (scale * generator.randn(12, CLASSES)).astype(dtype)
    shift, bias = [generator.randn(n).astype(dtype) for n in (12, CLASSES)]

    def hidden(x):
        return (x.reshape(len(x), -1) / dtype(256)) @ first + shift

    def logits(x):
        assert x.dtype == dtype
        return np.maximum(hidden(x), 0) @ second + bias

    def pull_back(x, seed):
        assert seed.dtype == x.dtype == dtype
        back = ((seed @ second.T) * (hidden(x) > 0)) @ first.T
        return (back / dtype(256)).reshape(x.shape)

    return Classifier(logits, pull_back, np.dtype(dtype))


def images(count, seed=1, dtype=np.float64, shape=SHAPE):
    """Grey levels, many of them black or white."""
    generator = np.random.RandomState(seed)
    x = generator.randint(-100, 356, (count,) + shape)
    return np.clip(x, 0, 255).astype(dtype)


def linear(weights, dtype=np.float64, bias=0.):
    """z = W x + b of weights (classes, c, h, w), as a Classifier."""
    weights, bias = np.asarray(weights, dtype), np.asarray(bias, dtype)

    def logits(x):
        assert x.dtype == dtype
        return np.einsum('nchw,kchw->nk', x, weights) + bias

    def pull_back(x, seed):
        assert seed.dtype == x.dtype == dtype
        return np.einsum('nk,kchw->nchw', seed, weights)

    return Classifier(logits, pull_back, np.dtype(dtype))
