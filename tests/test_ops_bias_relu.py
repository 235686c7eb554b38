"""Bias, ReLU and pool in C++: against their NumPy twins, and Theano."""

import functools

import numpy as np
import pytest
import theano
import theano.tensor as T
from hypothesis import given, settings
from hypothesis import strategies as st
from theano.tensor.signal.pool import pool_2d

from ops.bias_relu import (
    BiasReLU,
    BiasReLUGrad,
    BiasReLUPool,
    BiasReLUPoolGrad,
)

#: Operations, and ranks and types (None: the one at test) of their inputs.
OPERATIONS = {
    'relu': (BiasReLU(), ((4, None), (1, None))),
    'relu gradient': (BiasReLUGrad(), ((4, None), (4, None))),
    'relu gradient, no bias': (BiasReLUGrad(False), ((4, None), (4, None))),
    'pool': (BiasReLUPool(), ((4, None), (1, None))),
    'pool, no mask': (BiasReLUPool(False), ((4, None), (1, None))),
    'pool gradient': (BiasReLUPoolGrad(),
                      ((4, 'uint8'), (4, None), (1, 'int64'))),
    'pool gradient, no bias': (BiasReLUPoolGrad(False),
                               ((4, 'uint8'), (4, None), (1, 'int64'))),
}
shapes = st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 11),
                   st.integers(1, 11))
dtypes = st.sampled_from(['float32', 'float64'])
seeds = st.integers(0, 2 ** 31)


@functools.lru_cache(maxsize=None)
def compiled(name, dtype):
    """An operation's C++ as a function of arrays."""
    op, inputs = OPERATIONS[name]
    symbols = [T.TensorType(kind or dtype, (False,) * rank)()
               for rank, kind in inputs]
    return theano.function(symbols, op(*symbols, return_list=True))


def twin(name, *arrays):
    """The same by `perform`."""
    op, inputs = OPERATIONS[name]
    storage = [[None] for _ in compiled(name, 'float64').outputs]
    op.perform(None, arrays, storage)
    return [place[0] for place in storage]


def agree(name, dtype, *arrays):
    """Both, compared: the first results exactly, sums up to rounding."""
    ours = compiled(name, dtype)(*arrays)
    for got, expected in zip(ours, twin(name, *arrays)):
        assert (got.dtype, got.shape) == (expected.dtype, expected.shape)
        if got.ndim > 1:
            np.testing.assert_array_equal(got, expected)
        else:
            np.testing.assert_allclose(
                got, expected, atol=len(arrays[0]) * 1e-5
                if dtype == 'float32' else 1e-13, rtol=1e-6)
    return ours


def draw(generator, shape, dtype, kind):
    """Normal numbers; whole ones, with ties and zeros; NaN besides.

    In any order in memory.
    """
    values = generator.standard_normal(shape[::-1])
    if kind != 'normal':
        values = np.round(values)
    if kind == 'nan':
        values[generator.random_sample(values.shape) < .1] = np.nan
    return values.astype(dtype).T


def view(array, how):
    """The same values, lying otherwise in memory."""
    if how == 'reversed':
        return array[:, :, ::-1].copy()[:, :, ::-1]
    if how == 'nhwc':
        return array.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2)
    if how == 'strided':
        return np.repeat(array, 2, axis=3)[..., ::2]
    if how == 'broadcast':
        return np.broadcast_to(array[:, :, :1, :1], array.shape)
    return np.ascontiguousarray(array) if how == 'plain' else array


@pytest.mark.compiled
@settings(max_examples=60, deadline=None)
@given(shapes, dtypes, seeds, st.sampled_from(['normal', 'whole', 'nan']),
       st.sampled_from(['plain', 'transposed', 'reversed', 'strided',
                        'nhwc', 'broadcast']))
def test_cpp_does_what_numpy_says(shape, dtype, seed, kind, how):
    generator = np.random.RandomState(seed)
    z = view(draw(generator, shape, dtype, kind), how)
    b = draw(generator, shape[1:2], dtype, 'whole')
    g = view(draw(generator, shape, dtype, 'normal'), how)
    y, = agree('relu', dtype, z, b)
    assert (np.signbit(y) == (z + b[:, None, None] < 0))[~np.isnan(y)].all()
    agree('relu gradient', dtype, y, g)
    gz, = agree('relu gradient, no bias', dtype, view(y, how), g)
    if how == 'nhwc' and min(shape) > 1:
        assert gz.strides[1] == gz.itemsize
    p, mask = agree('pool', dtype, z, b)
    agree('pool, no mask', dtype, z, b)
    g = draw(generator, p.shape, dtype, 'normal')
    agree('pool gradient', dtype, mask, g, np.array(shape))
    agree('pool gradient, no bias', dtype, mask, g, np.array(shape))


@functools.lru_cache(maxsize=None)
def as_theano(pooled, fused):
    """Result and gradients of Theano's graph, and of it with ours in it."""
    z, b, g = T.tensor4(), T.vector(), T.tensor4()
    result = T.nnet.relu(z + b.dimshuffle('x', 0, 'x', 'x'))
    if pooled:
        result = pool_2d(result, (2, 2), ignore_border=True)
    gradients = theano.grad(None, [z, b], known_grads={result: g})
    mode = theano.compile.get_default_mode()
    return theano.function([z, b, g], [result] + gradients,
                           mode=mode if fused else mode.excluding('bias_relu'))


@pytest.mark.compiled
@pytest.mark.parametrize('pooled', [False, True])
@pytest.mark.parametrize('kind', ['normal', 'whole', 'nan'])
@pytest.mark.parametrize('shape', [(3, 2, 8, 6), (1, 3, 7, 5)])
def test_ties_zeros_and_nan_are_theanos(pooled, kind, shape):
    generator = np.random.RandomState(1)
    z = draw(generator, shape, 'float64', kind)
    b = np.round(draw(generator, shape[1:2], 'float64', 'normal'))
    size = (shape[2] // 2, shape[3] // 2) if pooled else shape[2:]
    if pooled:                   # where no window is, NaN gets 0 from ours
        z[:, :, 2 * size[0]:] = z[:, :, :, 2 * size[1]:] = 1
    g = draw(generator, shape[:2] + size, 'float64', 'normal')
    plain = as_theano(pooled, False)(z, b, g)
    for got, expected in zip(as_theano(pooled, True)(z, b, g), plain):
        np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-13)
    names = {type(node.op).__name__ for node in as_theano(
        pooled, True).maker.fgraph.apply_nodes}
    assert names & {'BiasReLU', 'BiasReLUPool'}


@pytest.mark.parametrize('op', [BiasReLU(), lambda z, b: BiasReLUPool()(
    z, b)[0]])
def test_gradients_are_those_of_differences(op):
    generator = np.random.RandomState(0)
    T.verify_grad(op, [generator.standard_normal((2, 3, 5, 4)),
                       generator.standard_normal(3)], rng=generator)


@pytest.mark.compiled
@pytest.mark.parametrize('name', ['relu', 'pool'])
def test_an_empty_batch(name):
    assert compiled(name, 'float64')(np.ones((0, 3, 4, 4)), np.ones(3)
                                     )[0].shape[:2] == (0, 3)


def test_wrong_inputs_are_refused_as_the_graph_is_built():
    with pytest.raises(TypeError, match='expected z of 4 dimensions, got 3'):
        BiasReLU()(T.tensor3(), T.vector())
    with pytest.raises(TypeError, match='z and b of one type, float32 or'):
        BiasReLUPool()(T.tensor4(dtype='float32'), T.vector(dtype='float64'))
    with pytest.raises(TypeError, match='expected the mask of BiasReLUPool'):
        BiasReLUPoolGrad()(T.tensor4(), T.tensor4(), T.lvector())


@pytest.mark.compiled
def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match='biases: expected a length of 3'):
        compiled('relu', 'float64')(np.ones((2, 3, 4, 4)), np.ones(2))
    with pytest.raises(ValueError, match='gradient: expected a length of 4'):
        compiled('relu gradient', 'float64')(np.ones((2, 3, 4, 4)),
                                             np.ones((2, 3, 5, 4)))
