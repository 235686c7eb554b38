"""Keeps weights near to tight frames (Cisse et al., "Parseval networks")."""

import theano.tensor as T

from network.functions import floatX


def project(weights, beta):
    """W <- (1 + β) W - β W Wᵀ W, with a row of W for each filter.

    A gradient step towards rows that are orthonormal, or, where there are
    more rows than columns, towards such columns. So it is the same for a
    dense layer's weights, (units in, units out) here and the other way
    around in PyTorch, and for filters that are turned by 180 degrees.

    Parameters
    ----------
    weights : theano variable of two axes or more
    beta : float

    Returns
    -------
    theano variable of the same shape
    """
    rows = weights.flatten(2)
    # (W Wᵀ) W or W (Wᵀ W) is the same: there are fewer filters than weights.
    moved = floatX(1 + beta) * rows - floatX(beta) * T.dot(
        T.dot(rows, rows.T), rows)
    return moved.reshape(weights.shape)
