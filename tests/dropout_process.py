"""Not a test: what the network's dropout drops in float32, by one --ops.

    python tests/dropout_process.py OPS

Prints a line of JSON: the types of the nodes that draw in the network with
its dropout on, and a hash of its generators' states and of what a dropout
layer has left of images, twice.
"""

import hashlib
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import environment

environment.prepare(ops=sys.argv[1], threads=1)

import lasagne
import numpy as np
import theano

from network.functions import dropout_states, logits_function
from papers.song.network import build_network

generator = np.random.RandomState(0)
network = build_network(generator)
logits = logits_function(network, stochastic=True)
for count in (40, 7):
    logits(np.zeros((count, 1, 28, 28), 'f4'))
layer = lasagne.layers.DropoutLayer(lasagne.layers.InputLayer((None, 70)))
drop = theano.function([layer.input_layer.input_var],
                       lasagne.layers.get_output(layer))
images = generator.standard_normal((50, 70)).astype('f4')
state = hashlib.sha256()
states = [shared.get_value() for shared in dropout_states(network.logits)]
for array in states + [drop(images), drop(images)]:
    state.update(array.tobytes())
names = [type(node.op).__name__ for node in logits.maker.fgraph.toposort()]
print(json.dumps({
    'types': [name for name in names if name.lower().endswith('uniform')],
    'sha256': state.hexdigest()}))
