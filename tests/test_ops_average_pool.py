"""Average-pools in C++: against NumPy, and Theano's own."""

import functools

import numpy as np
import pytest
import theano
import theano.tensor as T
from hypothesis import given, settings
from hypothesis import strategies as st
from test_ops_max_pool import lying, perform
from theano.tensor.signal.pool import pool_2d

from ops.average_pool import OverlapAveragePool, OverlapAveragePoolGrad

pytestmark = pytest.mark.compiled

shapes = st.tuples(st.integers(0, 4), st.integers(1, 5), st.integers(1, 11),
                   st.integers(1, 11))
layouts = st.sampled_from(['nchw', 'nhwc', 'reversed'])


@functools.lru_cache(maxsize=None)
def compiled(dtype):
    """The pool and its gradient, by themselves."""
    z, g = [T.TensorType(dtype, (False,) * 4)() for _ in range(2)]
    return (theano.function([z], OverlapAveragePool()(z)),
            theano.function([g, z], OverlapAveragePoolGrad()(g, z)))


def average(z, size=3, stride=2, mode='average_exc_pad'):
    return pool_2d(z, (size, size), ignore_border=False,
                   stride=(stride, stride), mode=mode)


def functions(z, p):
    """p and its gradient by z: Theano's, and with ours."""
    g = T.tensor4()
    outputs = [p, theano.grad(None, z, known_grads={p: g})]
    ours = theano.compile.get_default_mode().including('average_pool')
    return [theano.function([z, g], outputs, mode=mode)
            for mode in (ours.excluding('average_pool'), ours)]


def names(function):
    return {type(node.op).__name__
            for node in function.maker.fgraph.apply_nodes}


@settings(max_examples=80, deadline=None)
@given(shapes, st.sampled_from(['float32', 'float64']),
       st.integers(0, 2 ** 31), layouts, layouts)
def test_both_directions_are_the_twins(shape, dtype, seed, how, other):
    forward, backward = compiled(dtype)
    generator = np.random.RandomState(seed)
    z = lying(generator.standard_normal(shape).astype(dtype), how)
    p = forward(z)
    np.testing.assert_array_equal(p, perform(OverlapAveragePool(), z)[0])
    g = lying(generator.standard_normal(p.shape).astype(dtype), other)
    gz = backward(g, z)
    np.testing.assert_allclose(
        gz, perform(OverlapAveragePoolGrad(), g, z)[0],
        rtol=1e-6 if dtype == 'float32' else 1e-14, atol=1e-6)
    if how == 'nhwc' and min(shape) > 1:
        assert gz.strides[1] == gz.itemsize
        assert min(p.shape) == 1 or p.strides[1] == p.itemsize


def test_a_window_at_the_border_is_averaged_over_what_is_there():
    z = np.arange(16.).reshape(1, 1, 4, 4)
    p = compiled('float64')[0](z)
    np.testing.assert_allclose(p[0, 0], [
        [z[0, 0, :3, :3].mean(), z[0, 0, :3, 2:].mean()],
        [z[0, 0, 2:, :3].mean(), z[0, 0, 2:, 2:].mean()]])


@pytest.mark.parametrize('shape', [(3, 4, 8, 6), (2, 3, 7, 5), (2, 2, 1, 4)])
def test_theanos_pools_and_gradients_become_ours(shape):
    z = T.tensor4()
    plain, ours = functions(z, average(z))
    assert {'OverlapAveragePool', 'OverlapAveragePoolGrad'} <= names(ours)
    assert not {'Pool', 'AveragePoolGrad'} & names(ours)
    assert {'Pool', 'AveragePoolGrad'} <= names(plain)
    z = np.random.RandomState(0).standard_normal(shape)
    g = np.random.RandomState(1).standard_normal(
        shape[:2] + tuple(max(1, length // 2) for length in shape[2:]))
    for expected, found in zip(plain(z, g), ours(z, g)):
        np.testing.assert_allclose(found, expected, rtol=1e-13)


@pytest.mark.parametrize('changed', [
    {'size': 2}, {'stride': 1}, {'stride': 3}, {'mode': 'max'},
    {'mode': 'sum'}, {'mode': 'average_inc_pad'}])
def test_other_pools_stay_theanos(changed):
    z = T.tensor4()
    _, ours = functions(z, average(z, **changed))
    assert 'Pool' in names(ours)
    assert not any(name.startswith('OverlapAverage') for name in names(ours))


@pytest.mark.parametrize('shape', [(1, 1, 0, 4), (1, 1, 4, 0)])
def test_images_of_no_pixels(shape):
    z = np.zeros(shape)
    forward, backward = compiled('float64')
    for call in (lambda: forward(z), lambda: backward(z, z),
                 lambda: perform(OverlapAveragePool(), z)):
        with pytest.raises(ValueError, match='average-pool: expected a height '
                           'and a width of 1 or more, got %d and %d'
                           % shape[2:]):
            call()


def test_a_gradient_of_another_shape():
    backward = compiled('float64')[1]
    z, g = np.zeros((2, 1, 4, 4)), np.zeros((2, 1, 2, 3))
    for call in (lambda: backward(g, z),
                 lambda: perform(OverlapAveragePoolGrad(), g, z)):
        with pytest.raises(ValueError, match='gradient: expected'):
            call()
