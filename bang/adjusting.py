"""BANG's rule: every batch element's error, scaled before it moves weights.

Section 3.2, equations 2 to 6. The gradients of a layer's weights are made of
scaled errors; what goes down to the layers below is not touched, as those
gradients are taken from the unscaled errors.
"""

from typing import NamedTuple, Tuple

import theano
import theano.tensor as T

from ops.elements import norms, scaled


class Weighted(NamedTuple):
    """A layer with weights in a graph.

    Attributes
    ----------
    z : theano variable (n, ...)
        Its pre-activations.
    input : theano variable (n, ...)
    parameters : tuple of theano shared variables
        Its weights and biases.
    """

    z: object
    input: object
    parameters: Tuple


def scales(errors, wrong, rule):
    """η, by which each element's error is multiplied (equations 3 and 4).

    Norms are taken in double precision, in which no square of a float32
    underflows: only an error that is 0 throughout is left alone, as it has
    no direction. Errors of a mean over the batch serve as well as those of
    the elements' losses, since only ratios of norms count.

    Parameters
    ----------
    errors : theano variable (n, ...)
        κ: the loss's gradient by a layer's z.
    wrong : theano variable, boolean (n,)
        Which elements are misclassified in this batch.
    rule : bang.recipes.Rule

    Returns
    -------
    theano variable, float64 (n,)
        At least 1.
    """
    sizes = norms(errors)                                          # (n,)
    shares = sizes / sizes.max()
    exponents = (1 - shares) * T.switch(wrong, rule.epsilon * rule.ratio,
                                        rule.epsilon)
    return T.switch(T.gt(sizes, 0), shares ** -exponents, 1.)


def adjusted_gradients(loss, layers, wrong, rule):
    """Gradients of all weights and biases by BANG (equation 6).

    Parameters
    ----------
    loss : theano variable, scalar
        The mean over the batch.
    layers : list of Weighted
    wrong : theano variable, boolean (n,)
    rule : bang.recipes.Rule

    Returns
    -------
    list of theano variables
        In the order of the layers' parameters.
    """
    gradients = []
    errors = theano.grad(loss, [layer.z for layer in layers])
    for layer, error in zip(layers, errors):
        factors = (rule.beta * scales(error, wrong, rule)).astype(error.dtype)
        gradients += theano.grad(
            None, list(layer.parameters),
            known_grads={layer.z: scaled(error, factors)},
            consider_constant=[layer.input])
    return gradients
