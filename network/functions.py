"""What the Theano functions of all networks have in common."""

from collections import OrderedDict
from typing import Callable, List, NamedTuple

import lasagne
import numpy as np
import theano
from lasagne.layers import DropoutLayer, get_all_layers, get_all_params

from attacks.batches import in_batches


class TrainingStep(NamedTuple):
    """One update of a network, and every variable that it changes.

    Attributes
    ----------
    update : callable
        (images (b, ...) floatX, targets (b, ...)) -> (objective,
        cross-entropy), both scalars, of the batch before its update. A
        paper's `training.system.Training.batch` may hand it other
        arguments. It need not be one compiled function: it may compute an
        attack first, and then train on that.
    parameters, velocities, generators, state : list of theano shared variable
        Weights and biases; what the optimiser keeps, 0 at its start; MRG
        states of the dropout, and counts; what changes by no gradient, such
        as running means of a batch normalisation. Checkpoints hold all.
    rate : theano shared variable, optional
        The learning rate, of a training in phases.
    after : callable, optional
        () -> None, called after every update, as for a projection of the
        weights.
    graph : theano function, optional
        What --graph draws, if not `update`.
    """

    update: Callable
    parameters: List
    velocities: List
    generators: List
    state: List = ()
    rate: object = None
    after: Callable = None
    graph: object = None


def arrays(network):
    """All that a model consists of, by name, in the order of the layers.

    What no gradient changes, such as a mean image, is part of it.

    Parameters
    ----------
    network : NamedTuple
        With `logits`, the last layer.

    Returns
    -------
    OrderedDict of str to numpy.ndarray
    """
    return OrderedDict((shared.name, shared.get_value())
                       for shared in get_all_params(network.logits))


def set_arrays(network, values):
    """Give a network the arrays of another, as `arrays` returns them."""
    for shared in get_all_params(network.logits):
        shared.set_value(values[shared.name].astype(shared.dtype))


def dropout_states(logits):
    """The shared states of the dropout layers' MRG generators, in order.

    A layer's list grows with every stochastic graph built from it, so call
    this once the training graph exists, and build only one.

    Parameters
    ----------
    logits : lasagne.layers.Layer
        The last one of the network.
    """
    return [update[0] for layer in get_all_layers(logits)
            if isinstance(layer, DropoutLayer)
            for update in layer._srng.state_updates]


def logits_function(network, stochastic=False):
    """Compile images (b, channels, h, w) -> logits z (b, classes), floatX.

    Parameters
    ----------
    network : NamedTuple
        With `logits`, the last layer.
    stochastic : bool
        Leave the dropout on, as a published distillation script does.
    """
    images = get_all_layers(network.logits)[0].input_var
    return theano.function([images], lasagne.layers.get_output(
        network.logits, deterministic=not stochastic))


def outputs_of(function, images, scale, batch=500):
    """What a compiled function gives of uint8 images, `batch` at a time.

    Parameters
    ----------
    function : callable
        (b, channels, h, w) -> (b, ...)
    images : numpy.ndarray, uint8 (n, channels, h, w)
    scale : callable
        (images, dtype) -> the same images as the network wants them.

    Returns
    -------
    numpy.ndarray (n, ...)
    """
    return in_batches(
        lambda some: function(scale(some, theano.config.floatX)), batch,
        images)


def floatX(value):
    """A Python number in Theano's floatX, so that float32 stays float32."""
    return np.asarray(value, theano.config.floatX)
