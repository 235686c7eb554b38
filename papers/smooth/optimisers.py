"""PyTorch's two optimisers of the report, to the letter.

Of both, `decay` · w is part of the gradient, also of biases and of batch
norm's scales and shifts. (Of Adam the report says nothing about decay.)
"""

from collections import OrderedDict

import numpy as np
import theano
import theano.tensor as T

from network.functions import floatX

MOMENTUM = .9
#: Adam's: the shares that stay of both means, and what divisors have more.
SHARES, ADAM_EPSILON = (.9, .999), 1e-8


def sgd(gradients, parameters, rate, decay):
    """v <- 0.9 v + gradient, w <- w - rate · v.

    The rate is not within v: where it falls, what moves slows down at once.

    Returns
    -------
    updates : OrderedDict
    velocities : list of theano shared variable
    """
    updates, velocities = OrderedDict(), []
    for shared, gradient in zip(parameters, decayed(gradients, parameters,
                                                    decay)):
        velocity = zeros(shared, 'velocity of ')
        updates[velocity] = floatX(MOMENTUM) * velocity + gradient
        updates[shared] = shared - rate * updates[velocity]
        velocities.append(velocity)
    return updates, velocities


def adam(gradients, parameters, rate, decay):
    """Kingma and Ba (2015); the count of steps is the first velocity.

    Returns
    -------
    updates : OrderedDict
    velocities : list of theano shared variable
    """
    count = theano.shared(floatX(0), 'steps')
    now = count + floatX(1)
    first, second = (floatX(1) - floatX(share) ** now for share in SHARES)
    updates, velocities = OrderedDict([(count, now)]), [count]
    for shared, gradient in zip(parameters, decayed(gradients, parameters,
                                                    decay)):
        mean, square = (zeros(shared, word) for word in (
            'mean gradient of ', 'mean square of '))
        for velocity, value, share in ((mean, gradient, SHARES[0]),
                                       (square, T.sqr(gradient), SHARES[1])):
            updates[velocity] = (floatX(share) * velocity
                                 + floatX(1 - share) * value)
            velocities.append(velocity)
        updates[shared] = shared - rate / first * updates[mean] / (
            T.sqrt(updates[square] / second) + floatX(ADAM_EPSILON))
    return updates, velocities


def decayed(gradients, parameters, decay):
    """Gradients with the decay's share."""
    return [gradient + floatX(decay) * shared
            for gradient, shared in zip(gradients, parameters)]


def zeros(shared, words):
    """A shared variable like another, named after it, all 0."""
    value = np.zeros_like(shared.get_value(borrow=True))
    return theano.shared(value, words + shared.name)


OPTIMISERS = {'sgd': sgd, 'adam': adam}
