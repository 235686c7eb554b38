"""What the Theano functions of all networks have in common."""

import sys
from typing import Callable, List, NamedTuple

import lasagne
import numpy as np
import theano
from lasagne.layers import DropoutLayer, get_all_layers, get_all_params

from attacks.batches import in_batches
from errors import UserError
from mishaps import kind_of


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
    return {shared.name: shared.get_value()
            for shared in get_all_params(network.logits)}


def set_arrays(network, values):
    """Give a network the arrays of another, as `arrays` returns them."""
    for shared in get_all_params(network.logits):
        shared.set_value(values[shared.name].astype(shared.dtype))


def dropout_states(logits):
    """The shared states of the dropout layers' MRG generators, in order.

    A layer's list grows with every stochastic graph built from it, so call
    this once the training graph exists, and build only one. `logits` is the
    last layer of the network.
    """
    return [update[0] for layer in get_all_layers(logits)
            if isinstance(layer, DropoutLayer)
            for update in layer._srng.state_updates]


def logits_function(network, stochastic=False):
    """Compile images (b, channels, h, w) -> logits z (b, classes), floatX.

    `stochastic` leaves the dropout on, as a published distillation script
    does.
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


class Fitting:
    """A function of arrays, batch first, called with as many rows as fit.

    Where the memory does not hold what a call takes, the call is repeated
    with half the rows, and all later calls have no more.

    Parameters
    ----------
    function : callable
        (b, ...) arrays -> (b, ...) array; a row of the result depends on
        its own rows only.
    most : int
        Rows to begin with, at most.
    """

    def __init__(self, function, most=sys.maxsize):
        self.function, self.most = function, most

    def __call__(self, *arrays):
        """The function of all the rows.

        Raises
        ------
        UserError
            If not even one row fits.
        """
        parts, start = [], 0
        while start < len(arrays[0]):
            rows = [array[start:start + self.most] for array in arrays]
            try:
                parts.append(self.function(*rows))
            except Exception as error:
                self.shrink(len(rows[0]), error)
                continue
            start += len(rows[0])
        return join(parts)

    def shrink(self, count, error):
        """Take half of what did not fit, or raise what else it was."""
        if kind_of(error) != 'memory':
            raise error
        if count == 1:
            raise UserError(
                'out of memory: the device does not hold what one image '
                'takes: free some of it (nvidia-smi shows who has it), or '
                'use --device cpu') from error
        self.most = count // 2


def join(parts):
    """One array of several, on whichever side they are."""
    if len(parts) == 1:
        return parts[0]
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    import pygpu
    return pygpu.concatenate(parts)


def floatX(value):
    """A Python number in Theano's floatX, so that float32 stays float32."""
    return np.asarray(value, theano.config.floatX)
