"""The functions that attacks ask of LeNet: derivatives, and Caffe's ties."""

import numpy as np
import pytest

from network.functions import arrays, logits_function, set_arrays
from papers.bang.attack import classifier, pull_back_function
from papers.bang.networks import build_network
from storage.model_file import Model

pytestmark = pytest.mark.compiled


@pytest.fixture(scope='module')
def lenet():
    """A LeNet's logits, and its gradients by seeds."""
    network = build_network('lenet', np.random.RandomState(3))
    values = arrays(network)
    values['conv1.b'] += .1
    set_arrays(network, values)
    return values, logits_function(network), pull_back_function(network)


def test_a_pulled_back_seed_is_the_derivative(lenet):
    _, logits, pull_back = lenet
    generator = np.random.RandomState(0)
    x = generator.uniform(0, 255, (2, 1, 28, 28))     # no ties
    seed, direction = generator.randn(2, 10), generator.randn(*x.shape)
    step = 1e-4 * direction
    numeric = np.sum(seed * (logits(x + step) - logits(x - step)), 1) / 2e-4
    exact = np.sum(pull_back(x, seed) * direction, axis=(1, 2, 3))
    np.testing.assert_allclose(exact, numeric, rtol=1e-6)


def test_of_a_black_image_each_pool_passes_one_gradient_a_window(lenet):
    a, logits, pull_back = lenet
    black = np.zeros((1, 1, 28, 28))
    seed = np.random.RandomState(1).randn(1, 10)
    # Every window ties, so what comes through is known without the pools:
    # z of a constant image is that of one window a filter, spread by dense1.
    through1 = a['conv2.W'].sum(axis=(2, 3)) @ a['conv1.b'] + a['conv2.b']
    hidden = np.repeat(through1, 16) @ a['dense1.W'] + a['dense1.b']
    error = (a['dense2.W'] @ seed[0]) * (hidden > 0)
    error = (a['dense1.W'] @ error).reshape(50, 16).sum(axis=1)
    error = error @ a['conv2.W'].sum(axis=(2, 3))            # (20,)
    expected = error @ a['conv1.W'].sum(axis=(1, 2, 3)) / 256
    found = pull_back(black, seed).sum()
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_channels_are_reversed_where_that_is_asked_for():
    network = build_network('cifar-quick', np.random.RandomState(0))
    model = Model('quick', {'architecture': 'cifar-quick'}, arrays(network))
    own, exchanged = classifier(model), classifier(model, 'reversed')
    x = np.random.RandomState(1).uniform(0, 255, (2, 3, 32, 32))
    seed = np.eye(10)[[2, 7]]
    found = own.pull_back(x, seed)
    assert (found[:, 0] != found[:, 2]).any()
    np.testing.assert_array_equal(exchanged.pull_back(x, seed),
                                  found[:, ::-1])
    np.testing.assert_array_equal(exchanged.logits(x), own.logits(x))
