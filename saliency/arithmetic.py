"""Log-odds: the loss and its gradient where floating point sees only zeros.

Notation: z the logits, p = softmax(z), y the label. With the log-odds
against the label, u = logsumexp_{j != y} z_j - z_y,

    loss          = -log p_y = softplus(u)
    d loss / d x  = sigmoid(u) du/dx

and a network never has to leave u to rank its pixels: sigmoid(u) > 0 is
one number per sample. Formed as Algorithms 1 and 3 ask for it, as
sum_j (p_j - [j = y]) dz_j/dx, the gradient fails in two separate ways:

(a) Underflow. p_j, j != y, rounds to 0 once the smallest subnormal is too
    large for it: below u = -103.97 in float32, -745.13 in float64. More
    exponent range cures this; float64 moves it, log-odds removes it.

(b) Cancellation. 1 - p_y is formed from a p_y that has rounded to 1: from
    u = -17.3 in float32 (-16.6 where 1 + exp(u) is rounded first) and
    from -36.7 in float64. It deletes the label's own term of the sum
    while the other p_j, tiny and accurate, live on: the map is not zero,
    it is wrong, and may order the pixels differently. Neither range nor
    rescaling brings the lost term back.

The functions below compute in float64 whatever comes in (float32 maps
too: their own rounding remains, none is added) and hold for u in about
[-1000, 1000] and beyond: nothing overflows on the way.
"""

import numpy as np


def softplus(u):
    """log(1 + exp(u)), elementwise, in float64; > 0 until exp(u) is 0."""
    u = np.asarray(u, np.float64)
    return np.maximum(u, 0) + np.log1p(np.exp(-np.abs(u)))


def log_sigmoid(u):
    """log(1 / (1 + exp(-u))), elementwise, in float64; about u if u << 0."""
    return -softplus(-np.asarray(u, np.float64))


def log_softplus_difference(u1, u0):
    """log|softplus(u1) - softplus(u0)|: Algorithm 2's priority, never 0.

    With low, high the smaller and larger of the two and d = high - low,

        softplus(high) - softplus(low)
            = -log1p(-sigmoid(high) (1 - exp(-d)))
            = log1p(sigmoid(low) (exp(d) - 1)),

    products whose logarithms are sums that stay in range. The first form
    serves up to high = 3, where its log1p is far from log 0; the second
    above. Neither subtracts nearly equal numbers, but for d, then exact.

    Falling log-odds saturate: no loss falls by more than softplus(u0), so
    from a fall of some 30 nats on the sizes agree in all digits, and what
    ranks them is d (see `maps.SaliencyMap.finer`). The first form rounds
    without disturbing that order: below u0 = -40 it makes sizes equal and
    never exchanges them; above, where floats see the loss anyway, it may
    exchange neighbours one unit in the last place apart.

    Parameters
    ----------
    u1, u0 : array_like of float
        Log-odds against the label, after and before; broadcast.

    Returns
    -------
    float64 array
        Natural logarithm of the difference's size; -inf where u1 = u0.
    """
    u1 = np.asarray(u1, np.float64)
    u0 = np.asarray(u0, np.float64)
    low, high, d = np.minimum(u1, u0), np.maximum(u1, u0), np.abs(u1 - u0)
    with np.errstate(divide='ignore', invalid='ignore'):  # d = 0, NaN
        return np.where(high <= 3, _log_below(np.minimum(high, 3), d),
                        _log_above(low, d))


def log10_gradient(u, gradient):
    """log10|d loss / d x| = log10 sigmoid(u) + log10|du/dx|.

    Parameters
    ----------
    u : (n,) float
        Log-odds against the label.
    gradient : (n, ...) float
        du/dx.

    Returns
    -------
    (n, ...) float64
        Decimal logarithms, -inf where du/dx = 0. Never underflows.
    """
    gradient = np.abs(np.asarray(gradient, np.float64))  # (n, ...)
    scale = log_sigmoid(u) / np.log(10)  # (n,)
    scale = scale.reshape(scale.shape + (1,) * (gradient.ndim - 1))
    with np.errstate(divide='ignore'):
        return scale + np.log10(gradient)


def _log_below(high, d):
    """log(-log1p(-x)), x = sigmoid(high) (1 - exp(-d)), for high <= 3."""
    log_x = log_sigmoid(high) + np.log(-np.expm1(-d))
    x = np.exp(np.maximum(log_x, -40))
    return np.where(log_x < -40, log_x, np.log(-np.log1p(-x)))


def _log_above(low, d):
    """log(log1p(x)), x = sigmoid(low) (exp(d) - 1), for low + d > 3."""
    log_expm1 = np.where(d > 1, d + np.log1p(-np.exp(-np.maximum(d, 1))),
                         np.log(np.expm1(np.minimum(d, 1))))
    return np.log(softplus(log_sigmoid(low) + log_expm1))
