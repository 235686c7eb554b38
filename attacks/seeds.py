"""What is back-propagated from the logits: of a loss, log-odds, hot/cold.

All take logits z (n, classes) and labels y (n,), and compute in the dtype
of z, as the network does.
"""

import numpy as np
from scipy.special import logsumexp


def softmax_loss(z, y):
    """Softmax and cross-entropy -log p_y, as Caffe forms them.

    p_y is formed first and then its logarithm, so the loss is exactly 0 as
    soon as p_y rounds to 1, which is log-odds of some -17 in float32.

    Returns
    -------
    loss : (n,)
        At most -log of the smallest normal number.
    p : (n, classes)
    """
    e = np.exp(z - z.max(axis=1, keepdims=True))             # (n, classes)
    p = e / e.sum(axis=1, keepdims=True)
    own = p[np.arange(len(z)), y]                            # (n,)
    return -np.log(np.maximum(own, np.finfo(z.dtype).tiny)), p


def loss_seed(z, y):
    """d loss / d z = p - [j = y], (n, classes), and the loss, (n,)."""
    loss, p = softmax_loss(z, y)
    p[np.arange(len(z)), y] -= 1
    return p, loss


def log_odds_seed(z, y):
    """du / dz of u = logsumexp_{j != y} z_j - z_y, (n, classes).

    The gradient of u is that of the loss over 1 - p_y, so its sign is the
    loss's, but nothing in it rounds to 0.
    """
    _, seed = softmax_loss(others(z, y), y)
    seed[np.arange(len(z)), y] = -1
    return seed


def hot_cold_seed(z, y):
    """The hot/cold seed of the closest class, (n, classes).

    Rozsa, Rudd and Boult (2016), as BANG's authors apply it: +|z_t| at the
    closest other class t (hot), -z_y at the true class (cold). t has the
    largest of the other logits; ties to the lowest index.
    """
    rows = np.arange(len(z))
    target = others(z, y).argmax(axis=1)                     # (n,)
    seed = np.zeros_like(z)
    seed[rows, target] = np.abs(z[rows, target])
    seed[rows, y] = -z[rows, y]
    return seed


def others(z, y):
    """Logits with -inf in the place of the label's, (n, classes)."""
    z = z.copy()
    z[np.arange(len(z)), y] = -np.inf
    return z


def log_odds(z, y):
    """u = logsumexp_{j != y} z_j - z_y in nats, (n,) float64."""
    return (logsumexp(np.asarray(others(z, y), np.float64), axis=1)
            - z[np.arange(len(z)), y])
