"""Batch normalisation against its twin in NumPy, and differences."""

from collections import OrderedDict

import numpy as np
import pytest
import theano
import theano.tensor as T
from batch_norm_twin import axes, in_tests, in_training, moved_statistics
from lasagne.layers import (
    InputLayer,
    get_all_params,
    get_output,
)

from network.batch_norm import BatchNormLayer

pytestmark = pytest.mark.compiled

SHAPES = [(5, 3, 4, 2), (6, 3), (2, 3), (1, 3, 1, 2)]


@pytest.fixture(params=['float64', 'float32'])
def dtype(request, monkeypatch):
    """Of graphs."""
    monkeypatch.setattr(theano.config, 'floatX', request.param)
    return request.param


def layer_of(shape, dtype):
    """A layer with random arrays, on an input variable."""
    x = T.TensorType(dtype, [False] * len(shape))('x')
    layer = BatchNormLayer(InputLayer((None,) + shape[1:], x), name='bn')
    generator = np.random.RandomState(1)
    for shared in get_all_params(layer):
        shared.set_value(generator.uniform(.5, 2, 3).astype(dtype))
    return x, layer


def values(layer):
    """Its arrays: scale, shift, mean, variance."""
    return [shared.get_value().astype('float64')
            for shared in get_all_params(layer)]


def batch(shape, seed=0):
    return np.random.RandomState(seed).randn(*shape) * 3 + 2


def close(found, expected, dtype):
    assert found.dtype == dtype
    np.testing.assert_allclose(found, expected, **(
        {'rtol': 1e-10, 'atol': 1e-11} if dtype == 'float64'
        else {'rtol': 2e-5, 'atol': 2e-5}))


@pytest.mark.parametrize('shape', SHAPES)
def test_training_is_the_twins(shape, dtype):
    x, layer = layer_of(shape, dtype)
    moved, weights = OrderedDict(), x.type('weights')
    y = get_output(layer, moved=moved)
    assert list(moved) == [layer.mean, layer.variance]
    trained = [layer.scale, layer.shift]
    function = theano.function([x, weights], [y] + T.grad(
        T.sum(y * weights), [x] + trained), updates=moved)
    data, upstream = batch(shape), batch(shape, 1)
    scale, shift, mean, variance = values(layer)
    found = function(data.astype(dtype), upstream.astype(dtype))
    expected, gradients = in_training(data, scale, shift, upstream)
    for ours, theirs in zip(found, [expected, *gradients]):
        close(ours, theirs, dtype)
    for shared, value in zip((layer.mean, layer.variance),
                             moved_statistics(data, mean, variance)):
        close(shared.get_value(), value, dtype)


@pytest.mark.parametrize('shape', SHAPES + [(1, 3)])
def test_tests_take_the_running_statistics(shape, dtype):
    x, layer = layer_of(shape, dtype)
    function = theano.function([x], get_output(layer, deterministic=True))
    data, before = batch(shape), values(layer)
    close(function(data.astype(dtype)), in_tests(data, *before), dtype)
    np.testing.assert_array_equal(values(layer), before)


def test_applications_move_the_statistics_one_after_the_other():
    x, layer = layer_of((4, 3, 2, 2), 'float64')
    other, moved = T.tensor4(), OrderedDict()
    outputs = [get_output(layer, images, moved=moved)
               for images in (x, other, x)]
    # Not among the updates: what only looks on moves nothing.
    onlooker = get_output(layer, other)
    function = theano.function([x, other], outputs + [onlooker],
                               updates=moved)
    first, second = batch((4, 3, 2, 2)), 2 * batch((2, 3, 5, 5), 1)
    scale, shift, *statistics = values(layer)
    found = function(first, second)
    for ours, data in zip(found, (first, second, first, second)):
        close(ours, in_training(data, scale, shift, data)[0], 'float64')
    for data in (first, second, first):
        statistics = moved_statistics(data, *statistics)
    close(layer.mean.get_value(), statistics[0], 'float64')
    close(layer.variance.get_value(), statistics[1], 'float64')


def test_what_is_trained_and_what_is_kept():
    layer = layer_of((2, 3), 'float64')[1]
    assert [shared.name for shared in get_all_params(layer)] == [
        'bn.scale', 'bn.shift', 'bn.mean', 'bn.variance']
    assert get_all_params(layer, trainable=True) == [layer.scale, layer.shift]


@pytest.mark.parametrize('shape', [(1, 3), (1, 3, 1, 1)])
def test_a_single_value_has_no_variance(shape):
    x, layer = layer_of(shape, 'float64')
    moved = OrderedDict()
    y = get_output(layer, moved=moved)
    for function in (theano.function([x], y),
                     theano.function([x], T.grad(y.sum(), layer.scale)),
                     theano.function([x], updates=moved)):
        with pytest.raises(AssertionError, match='expected two values or '
                           'more for each channel in training, got one'):
            function(batch(shape))
    assert np.isfinite(values(layer)).all()


@pytest.mark.parametrize('shape', [(5, 3, 4, 2), (6, 3)])
def test_the_twins_gradients_are_differences(shape):
    """The twin's own, so that no formula proves itself."""
    data, upstream = batch(shape), batch(shape, 1)
    inputs = [data, np.array([.5, -2, 1.5]), np.array([1., 0, -1])]

    def total():
        return np.sum(in_training(*inputs, upstream)[0] * upstream)

    for array, gradient in zip(inputs, in_training(*inputs, upstream)[1]):
        for place in list(np.ndindex(*array.shape))[:12]:
            kept, step = array[place], 1e-5
            array[place] = kept + step
            above = total()
            array[place] = kept - step
            below = total()
            array[place] = kept
            assert abs((above - below) / (2 * step) - gradient[place]) < 1e-6
    assert axes(data) == ((0, 2, 3) if len(shape) == 4 else (0,))
