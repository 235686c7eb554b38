"""What the Theano functions of all networks have in common."""

from typing import Callable, List, NamedTuple

import lasagne
import numpy as np
import theano
from lasagne.layers import DropoutLayer, get_all_layers


class TrainingStep(NamedTuple):
    """One compiled update, and every variable that it changes.

    Attributes
    ----------
    update : callable
        (images (b, 1, 28, 28) floatX, targets) -> (objective, cross-entropy),
        both scalars, of the batch before its update. Targets are labels
        (b,) int32 or, for distillation, distributions (b, 10) floatX.
    parameters, velocities, generators : list of theano shared variables
        Weights and biases; Nesterov velocities; MRG states of the dropout.
    """

    update: Callable
    parameters: List
    velocities: List
    generators: List


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
    """Compile images (b, 1, 28, 28) -> logits z (b, 10), floatX.

    Parameters
    ----------
    network : NamedTuple
        With `images` and `logits`, as `papers.song.network.Network`.
    stochastic : bool
        Leave the dropout on, as the published distillation script does.
    """
    return theano.function([network.images], lasagne.layers.get_output(
        network.logits, deterministic=not stochastic))


def in_batches(function, images, scale, batch=500):
    """Apply a compiled function to uint8 images, `batch` at a time.

    Parameters
    ----------
    function : callable
        (b, 1, 28, 28) -> (b, ...)
    images : numpy.ndarray, uint8 (n, 1, 28, 28)
    scale : callable
        (images, dtype) -> the same images as the network wants them.

    Returns
    -------
    numpy.ndarray (n, ...)
    """
    return np.concatenate([
        function(scale(images[start:start + batch], theano.config.floatX))
        for start in range(0, len(images), batch)])


def floatX(value):
    """A Python number in Theano's floatX, so that float32 stays float32."""
    return np.asarray(value, theano.config.floatX)
