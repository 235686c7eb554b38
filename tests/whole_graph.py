"""Losses formed from logits against those of one graph, in one floatX.

    python tests/whole_graph.py float32

Prints how many of the losses, log-odds and gradients are the same to the
last bit, as JSON: [equal, compared] each. A process of its own, as floatX
is chosen once a process.
"""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

import environment

environment.prepare(float64=sys.argv[1] == 'float64', threads=1)

import lasagne
import numpy as np
import theano
import theano.tensor as T

from papers.song.attack_functions import (
    compile_callables,
    log_odds,
)
from papers.song.network import build_network


def one_graph(network):
    """Loss, its gradient and u, each of them as one graph of the images."""
    labels = T.ivector()
    logits, probabilities = lasagne.layers.get_output(
        [network.logits, network.test_head], deterministic=True)
    loss = lasagne.objectives.categorical_crossentropy(probabilities, labels)
    return theano.function([network.images, labels], [
        loss, T.grad(loss.sum(), network.images), log_odds(logits, labels)])


def main():
    """Compare on random images, from small margins to those that fail."""
    network = build_network(np.random.RandomState(3))
    whole = one_graph(network)
    model = compile_callables(network, 1.)
    x = np.random.RandomState(4).rand(60, 1, 28, 28).astype(model.dtype)
    labels = np.arange(60) % 10
    counts = np.zeros((3, 2), int)
    weights = network.logits.W.get_value()
    for scale in (1, 30, 1000, 30000):
        network.logits.W.set_value(weights * model.dtype.type(scale))
        found = (model.loss(x, labels), model.gradient(x, labels),
                 model.log_odds(x, labels))
        for k, expected in enumerate(whole(x, labels.astype(np.int32))):
            assert found[k].dtype == expected.dtype == model.dtype
            counts[k] += np.sum(found[k] == expected), expected.size
    print(json.dumps(counts.tolist()))


if __name__ == '__main__':
    main()
