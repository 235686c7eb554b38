"""What a batch's adversarial half becomes, and how far it is moved.

The report's section 3.1, after Kurakin, Goodfellow and Bengio, "Adversarial
machine learning at scale" (2016), and what its author's scripts do.
"""

import numpy as np
import theano
import theano.tensor as T
from theano.gradient import disconnected_grad

from papers.smooth.recipes import CLEAN_WEIGHT, CONSTANT


def mean_step(images, mean, deviation, snr=33., block=1000):
    """The mean step whose signal-to-noise ratio is `snr` dB.

    Of an image x of d normalised pixels it is ‖x‖₂ 10^(-snr / 20) / sqrt(d):
    section 3, equation 2, where every pixel is moved as far.

    Parameters
    ----------
    images : numpy.ndarray of uint8 (n, c, h, w)
    mean, deviation : numpy.ndarray (c,)
        By which pixels from 0 to 1 are normalised.

    Returns
    -------
    float
    """
    total = 0.
    for start in range(0, len(images), block):
        x = images[start:start + block] / 255.
        x = (x - mean[:, None, None]) / deviation[:, None, None]
        total += np.sqrt(np.square(x).mean(axis=(1, 2, 3))).sum()
    return float(total / len(images) * 10 ** (-snr / 20))


def draw_steps(generator, kind, epsilon, shape):
    """How far every pixel is moved, never below 0: float64 of a shape.

    |n| of n from the normal distribution of deviation `epsilon`, cut to ±2
    of it ('report'), or 4 `epsilon` everywhere ('constant'): steps by which
    the network can read the label off the noise.
    """
    if kind == 'constant':
        return np.full(shape, CONSTANT * epsilon)
    return np.minimum(np.abs(epsilon * generator.standard_normal(shape)),
                      2 * epsilon)


def adversarial(images, loss, steps, bounds=None):
    """Images moved along the sign of their gradient; a constant to others.

    Parameters
    ----------
    images : theano variable (n, c, h, w)
        Normalised.
    loss : theano variable, a scalar
        Of them, with their true labels.
    steps : theano variable (n, c, h, w)
    bounds : pair of theano variables (c,), or None
        The lowest and highest values of pixels, if they are cut.
    """
    moved = images + steps * T.sgn(theano.grad(loss, images))
    if bounds is not None:
        low, high = (bound.dimshuffle('x', 0, 'x', 'x') for bound in bounds)
        moved = T.maximum(T.minimum(moved, high), low)
    return disconnected_grad(moved)


def weigh(adversarial_loss, clean_loss, adversarial_count, clean_count):
    """Both halves' mean losses as one, an image of the clean half for 0.3.

    Of batches of 100: (50 adversarial + 0.3 · 50 clean) / (50 + 15).
    """
    clean = CLEAN_WEIGHT * clean_count
    return (adversarial_count * adversarial_loss + clean * clean_loss) / (
        adversarial_count + clean)
