"""The smoothness of labels on a network's graphs, and what it costs.

Lassance, Gripon and Ortega, "Laplacian power networks" (arXiv 1805.10133);
the report's section 1.
"""

import theano.tensor as T

from network.functions import floatX
from ops.gram import products

#: Lengths below this count as it, so that features that are all 0 are near
#: to none, themselves included, and have a gradient of 0.
SHORTEST = 1e-12


def label_smoothness(features, indicators, power):
    """s = trace(Yᵀ Lᵐ Y) of one layer's graph.

    The graph's weights W are the cosines of all pairs of features, each
    one's with itself included; L = D - W, with the rows' sums in D.

    Parameters
    ----------
    features : theano variable (n, c, h, w)
    indicators : theano variable (n, classes)
        Y, one-hot.
    power : int
        m.

    Returns
    -------
    theano variable, a scalar
    """
    squares = products(features)                                    # (n, n)
    own = T.sum(squares * T.eye(squares.shape[0], dtype=squares.dtype),
                axis=1, keepdims=True)
    lengths = T.sqrt(T.maximum(own, floatX(SHORTEST ** 2)))
    weights = squares / lengths / lengths.T
    degrees = weights.sum(axis=1, keepdims=True)
    image = indicators                                        # (n, classes)
    for _ in range(power):
        image = degrees * image - T.dot(weights, image)
    return T.sum(indicators * image)


def penalty(features, labels, classes, gamma, power):
    """What a batch's graphs add to its loss.

    γᵐ times the mean, over neighbouring layers, of |s of the one - s of the
    other|. (The author's scripts divide by (1 / γ)ᵐ.)

    Parameters
    ----------
    features : list of theano variable (n, c, h, w)
        Of two layers or more, in order.
    labels : theano variable (n,), of integers
    classes, power : int
    gamma : float

    Returns
    -------
    theano variable, a scalar
    """
    indicators = T.cast(T.eq(labels.dimshuffle(0, 'x'), T.arange(classes)),
                        features[0].dtype)
    found = [label_smoothness(layer, indicators, power) for layer in features]
    steps = [abs(after - before) for before, after in zip(found, found[1:])]
    return floatX(gamma ** power / len(steps)) * sum(steps)
