"""BANG's networks against their NumPy twins, and Caffe's fillers."""

import bang_twin
import lasagne
import numpy as np
import pytest
import theano

from network.functions import arrays
from papers.bang.networks import NETWORKS, build_network, parameters
from papers.bang.run_format import BANG

SHAPES = {'lenet': (1, 28, 28), 'cifar-quick': (3, 32, 32),
          'cifar-quick-100': (3, 32, 32)}


def random_network(name):
    """A network of which every array is random, and large enough to tell."""
    generator = np.random.RandomState(4)
    network = build_network(name, generator)
    for shared in lasagne.layers.get_all_params(network.logits):
        shape = shared.get_value().shape
        scale = .3 if len(shape) == 1 else 1.7 / np.sqrt(np.prod(shape[1:]))
        shared.set_value(scale * generator.randn(*shape))
    return network


@pytest.mark.compiled
@pytest.mark.parametrize('name', NETWORKS)
def test_logits_are_the_twins(name):
    network = random_network(name)
    pixels = np.random.RandomState(5).randint(
        0, 256, (3,) + SHAPES[name]).astype(float)
    function = theano.function([network.pixels], lasagne.layers.get_output(
        network.logits, deterministic=True))
    expected = bang_twin.TWINS[name](pixels, arrays(network))
    assert expected.std() > 1e-3
    np.testing.assert_allclose(function(pixels), expected, rtol=1e-10)


@pytest.mark.parametrize('name', NETWORKS)
def test_arrays_have_the_names_and_shapes_on_disk(name):
    network = build_network(name, np.random.RandomState(0))
    assert {key: value.shape for key, value in arrays(network).items()
            } == BANG.shapes[name]
    assert list(arrays(network)) == list(BANG.shapes[name])
    assert [shared.name for shared in parameters(network)] == [
        key for key in BANG.shapes[name] if key != 'mean.image']
    assert list(network.layers.values())[-1] is network.logits


def test_lenet_starts_as_caffes_xavier():
    values = arrays(build_network('lenet', np.random.RandomState(0)))
    for name, fan_in in (('conv1.W', 25), ('conv2.W', 500),
                         ('dense1.W', 800), ('dense2.W', 500)):
        bound = np.sqrt(3 / fan_in)
        assert .97 * bound < np.abs(values[name]).max() <= bound, name
        assert abs(values[name].std() / (bound / np.sqrt(3)) - 1) < .06, name
    assert all(not values[name].any() for name in values if name[-1] == 'b')


def test_cifar_quick_starts_as_its_gaussians():
    values = arrays(build_network('cifar-quick', np.random.RandomState(0)))
    for name, deviation in (('conv1.W', 1e-4), ('conv2.W', .01),
                            ('conv3.W', .01), ('dense1.W', .1),
                            ('dense2.W', .1)):
        assert abs(values[name].std() / deviation - 1) < .1, name
    assert not any(values[name].any() for name in values if name[-1] == 'b')
    assert not values['mean.image'].any()


def test_the_seed_decides_the_weights():
    first, again, other = (
        arrays(build_network('lenet', np.random.RandomState(seed)))
        for seed in (1, 1, 2))
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])
        assert name[-1] == 'b' or (first[name] != other[name]).all()
