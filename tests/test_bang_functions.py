"""Whole training steps of LeNet against their NumPy twins, in float64."""

import bang_twin
import numpy as np
import pytest
import theano.tensor as T
from lasagne.layers import DropoutLayer, get_all_layers

from network.functions import arrays
from papers.bang.networks import build_network
from papers.bang.recipes import RECIPES, Rule
from papers.bang.solver import rate
from papers.bang.training import training_step

pytestmark = pytest.mark.compiled

RULES = {'regular': None, 'bang': Rule(1.2, .81, .5)}


def without_dropout(seed=3):
    """LeNet whose dropout drops nothing."""
    network = build_network('lenet', np.random.RandomState(seed))
    for layer in get_all_layers(network.logits):
        if isinstance(layer, DropoutLayer):
            layer.p = 0
    return network


def batch(seed, n=6):
    """Pixels without ties and labels, some of them right."""
    generator = np.random.RandomState(seed)
    return (generator.uniform(1, 255, (n, 1, 28, 28)),
            generator.randint(0, 10, n).astype(np.int32))


@pytest.fixture(scope='module', params=sorted(RULES))
def trained(request):
    """Three iterations, by Theano and by the twin."""
    rule = RULES[request.param]
    network = without_dropout()
    step = training_step(network, RECIPES['lenet'], rule)
    a = arrays(network)
    velocities = {name: np.zeros_like(value) for name, value in a.items()}
    losses = []
    step.generators[-1].set_value(np.int64(5000))
    for number in range(3):
        pixels, labels = batch(number)
        loss, gradients = bang_twin.lenet_gradients(pixels, labels, a, rule)
        objective = loss + .00025 * sum(np.sum(w ** 2) for w in a.values())
        losses.append((step.update(pixels, labels), (objective, loss)))
        a, velocities = bang_twin.caffe_step(gradients, a, velocities,
                                             5000 + number)
    return step, network, a, velocities, losses


def test_weights_and_velocities_are_the_twins(trained):
    step, network, expected, velocities, _ = trained
    for name, value in arrays(network).items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-9,
                                   atol=1e-12, err_msg=name)
    for name, shared in zip(expected, step.velocities):
        assert shared.name == 'velocity of ' + name
        np.testing.assert_allclose(shared.get_value(), velocities[name],
                                   rtol=1e-8, atol=1e-13, err_msg=name)
    assert step.generators[-1].get_value() == 5003


def test_losses_are_the_twins(trained):
    for found, expected in trained[-1]:
        np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_caffes_rates():
    lenet, quick = RECIPES['lenet'], RECIPES['cifar-quick']
    assert rate(lenet, 0) == .01
    np.testing.assert_allclose(rate(lenet, 10000), .01 * 2 ** -.75)
    for iteration, expected in ((0, 1e-3), (17999, 1e-3), (18000, 1e-4),
                                (18999, 1e-4), (19000, 1e-5)):
        np.testing.assert_allclose(rate(quick, iteration), expected)
        value = rate(quick, T.constant(float(iteration))).eval()
        np.testing.assert_allclose(value, expected)


def test_dropout_is_one_mask_for_errors_and_inputs():
    """What dropout leaves out of dense2's input, its weights do not see."""
    network = build_network('lenet', np.random.RandomState(0))
    recipe = RECIPES['lenet']._replace(decay=0.)
    # β of 1: a unit below 0 gets d - d, each times a factor, which is exactly
    # 0 only of powers of two, as one of the products may not be rounded.
    step = training_step(network, recipe, Rule(1., .81, .5))
    before = arrays(network)['dense2.W']
    pixels, labels = batch(1, 1)
    step.update(pixels, labels)
    moved = (arrays(network)['dense2.W'] != before).any(axis=1)  # (500,)
    dense1 = arrays(network)['dense1.b'] != 0
    # A unit that is dropped, or below 0, moves neither its own bias nor the
    # weights that read it: the two sets are one.
    np.testing.assert_array_equal(moved, dense1)
    assert 50 < moved.sum() < 250
