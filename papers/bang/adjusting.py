"""BANG's rule: every batch element's error, scaled before it moves weights.

Section 3.2, equations 2 to 6. The gradients of a layer's weights are made of
scaled errors; what goes down to the layers below is not touched, as those
gradients are taken from the unscaled errors.
"""

from typing import NamedTuple, Tuple

import numpy as np
import theano
import theano.tensor as T

from ops.elements import norms, scaled
from papers.bang.recipes import SOFTMAX

#: The least normal number of float32, whose inverse is one of it, too.
LEAST = 2. ** -126


class Weighted(NamedTuple):
    """A layer with weights in a graph."""

    #: Its pre-activations, (n, ...).
    z: object
    #: (n, ...)
    input: object
    #: Its weights and biases, shared variables.
    parameters: Tuple


def errors(loss, z, labels, classes, softmax=SOFTMAX[0]):
    """The last layer's κ: the gradient of the mean cross-entropy by z.

    It is (p - 1 at the label) / n. Of an element that a network is sure of,
    p at the label is 1 less something that float32 rounds, and BANG's scales
    magnify what is left. Caffe sums the softmax's denominator in float32, on
    a GPU class after class, so that p is 1 where the other classes' powers
    add up to 6e-8 or less (to 5e-7, where each of them is added to the 1 of
    the label). Theano sums in double precision and rounds p: then it is 1 to
    3e-8 alone. That decides how hard HC1 finds the network trained: see
    docs/bang.md.

    Parameters
    ----------
    loss : theano variable, scalar
        The mean over the batch, of T.nnet.softmax(z).
    z : theano variable (n, classes)
    labels : theano variable, int32 (n,)
    classes : int
    softmax : {'caffe', 'theano'}
        Whose.

    Returns
    -------
    theano variable, of z's type
    """
    if softmax == 'theano':
        return theano.grad(loss, z)
    powers = T.exp(z - z.max(axis=1, keepdims=True))
    # One addition after the other, in z's precision: T.sum has a double.
    total = T.add(*(powers[:, k] for k in range(classes)))
    own = T.eq(labels[:, np.newaxis], np.arange(classes, dtype='int32'))
    return ((powers / total[:, np.newaxis] - own.astype(z.dtype))
            / z.shape[0].astype(z.dtype))


def scales(sizes, wrong, rule):
    """η, by which each element's error is multiplied (equations 3 and 4).

    Parameters
    ----------
    sizes : theano variable, float64 (n,)
        ‖κ‖, the norms of the loss's gradients by a layer's z. An element of
        0 has no direction and is left alone. Errors of a mean over the batch
        serve as well as those of the elements' losses, since only ratios of
        norms count.
    wrong : theano variable, boolean (n,)
        Which elements are misclassified in this batch.
    rule : papers.bang.recipes.Rule

    Returns
    -------
    theano variable, float64 (n,)
        At least 1.
    """
    shares = sizes / sizes.max()
    exponents = (1 - shares) * T.switch(wrong, rule.epsilon * rule.ratio,
                                        rule.epsilon)
    return T.switch(T.gt(sizes, 0), shares ** -exponents, 1.)


def adjusted_gradients(kappa, layers, wrong, rule):
    """Gradients of all weights and biases by BANG (equation 6).

    Errors go down the layers as κ = error · unit, a unit an element, a power
    of two that makes the norm of the last layer's error 1 to 2. BANG makes
    networks so sure that most of a batch's errors would otherwise leave the
    normal range of float32 on their way, lose their bits, which η then
    shows enlarged, and take a processor several times as long. Within that
    range powers of two change no bit. Norms are taken in double precision,
    in which no square underflows: only an error that is 0 throughout is left
    alone.

    Parameters
    ----------
    kappa : theano variable (n, classes)
        The last layer's: see `errors`.
    layers : list of Weighted
        The last one last; all others are below it.
    wrong : theano variable, boolean (n,)
    rule : papers.bang.recipes.Rule

    Returns
    -------
    list of theano variables
        In the order of the layers' parameters.
    """
    last = layers[-1].z
    unit = units(norms(kappa))
    first = scaled(kappa, (1 / unit).astype(kappa.dtype))
    below = theano.grad(None, [layer.z for layer in layers[:-1]],
                        known_grads={last: first})
    gradients = []
    for layer, error in zip(layers, below + [first]):
        factors = rule.beta * unit * scales(norms(error) * unit, wrong, rule)
        gradients += theano.grad(
            None, list(layer.parameters),
            known_grads={layer.z: scaled(error, factors.astype(error.dtype))},
            consider_constant=[layer.input])
    return gradients


def units(sizes):
    """The powers of two next below some norms, float64 (n,); 1 for 0.

    None is so small that its inverse were no number of float32.
    """
    return T.switch(T.gt(sizes, 0), 2. ** T.floor(T.log2(
        T.maximum(sizes, LEAST))), 1.)
