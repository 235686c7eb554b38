"""What the Theano functions of all networks have in common."""

from collections import OrderedDict
from typing import Callable, List, NamedTuple

import lasagne
import numpy as np
import theano
from lasagne.layers import DropoutLayer, get_all_layers, get_all_params

from attacks.batches import in_batches


class TrainingStep(NamedTuple):
    """One update of a network, and every shared variable that it changes."""

    #: (images (b, ...) floatX, targets (b, ...)), or what else a paper makes
    #: of a batch -> (objective, cross-entropy), scalars, before the update.
    #: Any callable: it may compute an attack first, and then train on that.
    update: Callable
    #: Weights and biases.
    parameters: List
    #: What the optimiser keeps: all 0 at its start.
    velocities: List
    #: MRG states of the dropout, and counts of iterations.
    generators: List
    #: What changes by no gradient, such as running means.
    state: List = ()
    #: The learning rate, of a training in phases.
    rate: object = None
    #: () -> None, called after every update, as to project the weights.
    after: Callable = None
    #: The compiled function that --graph draws, if not `update`.
    graph: object = None


def arrays(network):
    """All arrays of a model by name, in the order of the layers.

    What no gradient changes, such as a mean image, is part of it. The network
    is a NamedTuple of which `logits` is the last layer.
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
