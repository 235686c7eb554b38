"""Models on disk: the runs of bang.py, and networks made of them."""

from functools import partial

import numpy as np

from network.functions import set_arrays
from papers.bang.networks import build_network
from papers.bang.run_format import BANG
from storage import model_file

#: Path of a run folder, or of the weights in it -> storage.model_file.Model.
load_model = partial(model_file.load_model, form=BANG)


def load_network(model):
    """The papers.bang.networks.Network of a model read from disk."""
    network = build_network(model.description['architecture'],
                            np.random.RandomState(0))
    set_arrays(network, model.weights)
    return network
