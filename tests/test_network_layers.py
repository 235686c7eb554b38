"""Layers of our own against Lasagne's."""

import lasagne
import numpy as np
import pytest
import theano
import theano.tensor as T
from lasagne.layers import Conv2DLayer, InputLayer, get_output
from theano.gof.graph import inputs, io_toposort

from network.layers import ZeroPaddedConv2DLayer

SETTINGS = [{'pad': 2}, {'pad': 0}, {'pad': (1, 3)},
            {'pad': 1, 'stride': 2, 'filter_size': (3, 2)},
            {'pad': 1, 'b': None}]


def build(kind, settings):
    """A layer on images (b, 3, 9, 8), and its input variable."""
    lasagne.random.set_rng(np.random.RandomState(0))
    images = T.tensor4()
    layer = kind(InputLayer((None, 3, 9, 8), images), 4, **{
        'filter_size': 5, 'b': lasagne.init.Normal(1.), **settings})
    return images, layer


def function(kind, settings):
    """Values, and gradients by images, weights and biases of a sum."""
    images, layer = build(kind, settings)
    z, weights = get_output(layer), T.tensor4()
    return theano.function([images, weights], [z] + theano.grad(
        T.sum(z * weights), [images] + layer.get_params())), layer


@pytest.mark.compiled
@pytest.mark.parametrize('settings', SETTINGS)
def test_padding_is_lasagnes(settings):
    plain, theirs = function(Conv2DLayer, settings)
    ours, layer = function(ZeroPaddedConv2DLayer, settings)
    assert layer.output_shape == theirs.output_shape
    generator = np.random.RandomState(1)
    images = generator.standard_normal((2, 3, 9, 8))
    weights = generator.standard_normal((2,) + layer.output_shape[1:])
    for found, expected in zip(ours(images, weights), plain(images, weights)):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_no_image_is_copied_for_its_zeros():
    def operations(kind):
        graph = [get_output(build(kind, SETTINGS[0])[1])]
        return {type(node.op).__name__ for node in io_toposort(
            inputs(graph), graph)}
    assert 'IncSubtensor' in operations(Conv2DLayer)
    assert 'IncSubtensor' not in operations(ZeroPaddedConv2DLayer)
