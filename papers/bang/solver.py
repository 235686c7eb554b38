"""Caffe's stochastic gradient descent, to the letter.

V <- momentum · V + rate · factor · (gradient + decay · w), w <- w - V. The
rate is within the velocity, so that a falling rate does not slow down what
is moving already. Caffe's LeNet and CIFAR-10 quick set a factor (`lr_mult`)
of 1 for weights and 2 for biases; neither sets `decay_mult`, which is 1 then,
so that biases decay as weights do.
"""

from collections import OrderedDict

import numpy as np
import theano
import theano.tensor as T

BIAS_FACTOR = 2


def rate(recipe, iteration):
    """The learning rate, float64, of an iteration, counted from 0.

    A Theano variable of a variable, a number of a number.
    """
    # As numbers: Theano's booleans add up to a boolean.
    drops = sum(1. * (iteration >= step) for step in recipe.steps)
    return (recipe.rate * (1. + recipe.gamma * iteration) ** -recipe.power
            * .1 ** drops)


def solver_updates(gradients, parameters, recipe):
    """Updates of weights, velocities and the count of iterations.

    Parameters are shared variables, biases those of one dimension. Returns
    the updates, an OrderedDict, the velocities, and the count of iterations,
    int64, shared variables, too.
    """
    iteration = theano.shared(np.int64(0), 'iteration')
    now = rate(recipe, T.cast(iteration, 'float64'))
    updates, velocities = OrderedDict(), []
    for shared, gradient in zip(parameters, gradients):
        value = shared.get_value(borrow=True)
        velocity = theano.shared(np.zeros_like(value),
                                 'velocity of ' + shared.name)
        factor = (BIAS_FACTOR if shared.ndim == 1 else 1) * now
        decay, momentum = (value.dtype.type(number) for number in (
            recipe.decay, recipe.momentum))
        step = momentum * velocity + factor.astype(shared.dtype) * (
            gradient + decay * shared)
        updates[velocity] = step
        updates[shared] = shared - step
        velocities.append(velocity)
    updates[iteration] = iteration + 1
    return updates, velocities, iteration
