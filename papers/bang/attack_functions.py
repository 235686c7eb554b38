"""What the attacks ask of BANG's networks, compiled by Theano."""

import numpy as np
import theano
import theano.tensor as T
from lasagne.layers import get_output

from attacks.batches import Classifier
from network.functions import logits_function
from papers.bang.models import load_network


def classifier(model):
    """Compile the functions of a model that an attack may call.

    Parameters
    ----------
    model : storage.model_file.Model

    Returns
    -------
    attacks.batches.Classifier
        On images (n, c, h, w) in grey levels, of Theano's floatX; dropout
        is off.
    """
    network = load_network(model)
    return Classifier(logits_function(network), pull_back_function(network),
                      np.dtype(theano.config.floatX))


def pull_back_function(network):
    """Compile pixels (b, c, h, w), seed (b, 10) -> sum_j seed_j dz_j / dx."""
    seed = T.matrix('seed')                                  # (b, 10)
    z = get_output(network.logits, deterministic=True)       # (b, 10)
    return theano.function([network.pixels, seed], theano.grad(
        None, network.pixels, known_grads={z: seed}))
