"""The functions that attacks ask of LeNet: derivatives, and Caffe's ties."""

import lasagne
import numpy as np
import pytest
import theano

from bang.attack_functions import pull_back_function
from bang.functions import logits_function
from bang.networks import arrays, build_network, set_arrays
from bang.pooling import FirstMaxPool2DLayer


@pytest.fixture(scope='module')
def lenet():
    """Logits of a LeNet with Theano's ties; gradients with Caffe's."""
    network = build_network('lenet', np.random.RandomState(3))
    same = build_network('lenet', np.random.RandomState(0),
                         FirstMaxPool2DLayer)
    values = arrays(network)
    values['conv1.b'] += .1
    set_arrays(network, values)
    set_arrays(same, values)
    return network, logits_function(network), pull_back_function(same)


def test_a_pulled_back_seed_is_the_derivative(lenet):
    _, logits, pull_back = lenet
    generator = np.random.RandomState(0)
    x = generator.uniform(0, 255, (2, 1, 28, 28))     # no ties
    seed, direction = generator.randn(2, 10), generator.randn(*x.shape)
    step = 1e-4 * direction
    numeric = np.sum(seed * (logits(x + step) - logits(x - step)), 1) / 2e-4
    exact = np.sum(pull_back(x, seed) * direction, axis=(1, 2, 3))
    np.testing.assert_allclose(exact, numeric, rtol=1e-6)


def test_a_black_border_ties_and_only_the_first_maximum_counts(lenet):
    network, _, pull_back = lenet
    seed = np.random.RandomState(1).randn(1, 10)
    black = np.zeros((1, 1, 28, 28))
    z = lasagne.layers.get_output(network.logits, deterministic=True)
    symbolic = theano.tensor.matrix()
    every = theano.function([network.pixels, symbolic], theano.grad(
        None, network.pixels, known_grads={z: symbolic}))
    theirs, caffes = every(black, seed), pull_back(black, seed)
    # All windows tie. With the biases' share of it alone, a pool's gradient
    # arrives four times by Theano's rule, at two pools.
    np.testing.assert_allclose(theirs.sum(), 16 * caffes.sum(), rtol=1e-9)
