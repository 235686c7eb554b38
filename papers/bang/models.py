"""Models on disk: the runs of bang.py, and networks made of them."""

import numpy as np

from network.functions import set_arrays
from papers.bang.networks import build_network
from papers.bang.run_format import BANG
from storage import model_file


def load_model(path):
    """Read a model from a run folder of bang.py, or the weights.npz in it.

    Returns
    -------
    storage.model_file.Model

    Raises
    ------
    UserError
        If it is no run, not finished, damaged, or of another architecture.
    """
    return model_file.load_model(path, BANG)


def load_network(model):
    """The network of a model read from disk.

    Parameters
    ----------
    model : storage.model_file.Model

    Returns
    -------
    papers.bang.networks.Network
    """
    network = build_network(model.description['architecture'],
                            np.random.RandomState(0))
    set_arrays(network, model.weights)
    return network
