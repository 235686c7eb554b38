"""What the attacks ask of BANG's networks, compiled by Theano."""

import numpy as np
import theano
import theano.tensor as T
from lasagne.layers import get_output

from attacks.classifier import Classifier
from bang.models import load_network


def classifier(model):
    """Compile the functions of a model that an attack may call.

    Parameters
    ----------
    model : network.model_file.Model

    Returns
    -------
    attacks.classifier.Classifier
        On images (n, c, h, w) in grey levels, of Theano's floatX; dropout
        is off.
    """
    return compile_classifier(load_network(model))


def compile_classifier(network):
    """The same of a `bang.networks.Network` in memory."""
    seed = T.matrix('seed')                                  # (n, 10)
    z = get_output(network.logits, deterministic=True)       # (n, 10)
    gradient = theano.grad(None, network.pixels, known_grads={z: seed})
    return Classifier(
        theano.function([network.pixels], z),
        theano.function([network.pixels, seed], gradient),
        np.dtype(theano.config.floatX))
