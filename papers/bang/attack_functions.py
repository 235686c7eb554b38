"""What the attacks ask of BANG's networks, compiled by Theano."""

import numpy as np
import theano
import theano.tensor as T
from lasagne.layers import get_output

from attacks.batches import Classifier
from network.functions import logits_function
from papers.bang.networks import load_network


def classifier(model, channels='own'):
    """Compile the functions of a model that an attack may call.

    Parameters
    ----------
    model : storage.model_file.Model
    channels : str
        'reversed': gradients have red and blue exchanged, as those behind
        the paper's table 2 had (docs/bang.md).

    Returns
    -------
    attacks.batches.Classifier
        On images (n, c, h, w) in grey levels, of Theano's floatX; dropout
        is off.
    """
    network = load_network(model)
    pull_back = own = pull_back_function(network)
    if channels == 'reversed':
        def pull_back(x, seed):
            return np.ascontiguousarray(own(x, seed)[:, ::-1])
    return Classifier(logits_function(network), pull_back,
                      np.dtype(theano.config.floatX))


def pull_back_function(network):
    """Compile pixels (b, c, h, w), seed (b, 10) -> sum_j seed_j dz_j / dx."""
    seed = T.matrix('seed')                                  # (b, 10)
    z = get_output(network.logits, deterministic=True)       # (b, 10)
    return theano.function([network.pixels, seed], theano.grad(
        None, network.pixels, known_grads={z: seed}))
