"""Batch norm with a ReLU in C++: against NumPy, and Theano's own."""

import ctypes
import functools

import numpy as np
import pytest
import theano
import theano.tensor as T
from hypothesis import given, settings
from hypothesis import strategies as st
from test_ops_max_pool import lying, perform

from network.batch_norm import batch_norm, normalise
from ops.batch_norm import (
    BatchNormReLU,
    BatchNormReLUGrad,
    NormaliseReLU,
    NormaliseReLUGrad,
    rectified,
)

pytestmark = pytest.mark.compiled

TRAINING = BatchNormReLU(), BatchNormReLUGrad(), BatchNormReLUGrad(added=True)
TESTING = NormaliseReLU(), NormaliseReLUGrad()
#: Of inputs: images, numbers of channels, scalars.
RANKS = {TRAINING[0]: (4, 1, 1, 0, 0, 1, 1), TRAINING[1]: (4, 4, 1, 1, 1, 1),
         TRAINING[2]: (4, 4, 1, 1, 1, 1, 4), TESTING[0]: (4, 1, 1, 1),
         TESTING[1]: (4, 4, 1, 1, 1)}
# Channels beside a vector's width; planes that fill no vector, and several.
shapes = st.tuples(st.integers(1, 6), st.integers(1, 40), st.integers(1, 12),
                   st.integers(1, 12)).filter(
                       lambda shape: shape[0] * shape[2] * shape[3] > 1)
layouts = st.sampled_from(['nchw', 'nhwc', 'reversed'])
dtypes = st.sampled_from(['float32', 'float64'])


@functools.lru_cache(maxsize=None)
def compiled(op, dtype):
    """An operation by itself."""
    inputs = [T.TensorType(dtype, (False,) * rank)() for rank in RANKS[op]]
    return theano.function(inputs, op(*inputs, return_list=True))


def close(found, expected, scale=1):
    for ours, theirs in zip(found, expected):
        assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
        error = {'float32': 2e-6, 'float64': 1e-13}[str(ours.dtype)]
        np.testing.assert_allclose(ours, theirs, rtol=error,
                                   atol=20 * scale * error)


def numbers(generator, dtype, *shape):
    return generator.uniform(.5, 2, shape).astype(dtype)


@settings(max_examples=60, deadline=None)
@given(shapes, dtypes, st.integers(0, 2 ** 31), layouts, layouts)
def test_training_is_the_twins(shape, dtype, seed, how, other):
    generator = np.random.RandomState(seed)
    x = (generator.standard_normal(shape) * 3 + 5).astype(dtype)
    scale, shift, mean, variance = [
        numbers(generator, dtype, shape[1]) for _ in range(4)]
    inputs = [lying(x, how), scale, shift, np.array(1e-5, dtype),
              np.array(.1, dtype), mean, variance]
    found = compiled(TRAINING[0], dtype)(*inputs)
    expected = twin(TRAINING[0], *inputs)
    close(found, expected, 10)
    if how == 'nhwc' and min(shape) > 1:
        assert found[0].strides == inputs[0].strides
    g, added = [generator.standard_normal(shape).astype(dtype)
                for _ in range(2)]
    factor = scale * expected[2]
    z = ((x - expected[1][:, None, None]) * factor[:, None, None]
         + shift[:, None, None])
    g[abs(z) < 1e-4] = 0        # rounding cannot tell on which side these are
    parents = (scale, shift, *expected[1:3])
    for op, others in zip(TRAINING[1:], ((), (added,))):
        upstream = [lying(g, other), *parents,
                    *(lying(array, other) for array in others)]
        found = compiled(op, dtype)(inputs[0], *upstream)
        close(found, twin(op, inputs[0], *upstream), 10 * x.size)


def twin(op, *inputs):
    storage = [[None] for _ in range(5)]
    op.perform(None, inputs, storage)
    return [place[0] for place in storage if place[0] is not None]


@settings(max_examples=40, deadline=None)
@given(shapes, dtypes, st.integers(0, 2 ** 31), layouts, layouts)
def test_testing_is_the_twins(shape, dtype, seed, how, other):
    generator = np.random.RandomState(seed)
    x, g = [generator.standard_normal(shape).astype(dtype) for _ in range(2)]
    channels = [numbers(generator, dtype, shape[1]) for _ in range(3)]
    found = compiled(TESTING[0], dtype)(lying(x, how), *channels)
    close(found, perform(TESTING[0], x, *channels))
    mean, factor, shift = [values[:, None, None] for values in channels]
    g[abs((x - mean) * factor + shift) < 1e-4] = 0
    close(compiled(TESTING[1], dtype)(lying(x, how), lying(g, other),
                                      *channels),
          perform(TESTING[1], x, g, *channels))


def test_results_do_not_depend_on_threads():
    generator = np.random.RandomState(0)
    x = lying(generator.standard_normal((9, 20, 13, 11)).astype('float32'),
              'nhwc')
    channels = [numbers(generator, 'float32', 20) for _ in range(4)]
    inputs = [x, *channels[:2], np.float32(1e-5), np.float32(.1),
              *channels[2:]]
    openmp = ctypes.CDLL('libgomp.so.1')
    before, found = openmp.omp_get_max_threads(), []
    try:
        for threads in (1, 3):
            openmp.omp_set_num_threads(threads)
            found.append(compiled(TRAINING[0], 'float32')(*inputs))
    finally:
        openmp.omp_set_num_threads(before)
    for ours, theirs in zip(*found):
        np.testing.assert_array_equal(ours, theirs)


def test_a_mean_far_from_zero_costs_no_digits():
    generator = np.random.RandomState(0)
    x = generator.standard_normal((50, 1, 9, 7)) + 1e6
    _, _, inverse, *_ = compiled(TRAINING[0], 'float64')(
        x, *np.ones((2, 1)), 0., .1, *np.ones((2, 1)))
    np.testing.assert_allclose(inverse, 1 / x.std(), rtol=1e-9)


def test_nan_is_noticed_and_a_negative_number_is_zero():
    x = np.array([np.nan, -1, 2]).reshape(3, 1, 1, 1)
    one = np.ones(1)
    y = compiled(TESTING[0], 'float64')(x, 0 * one, one, 0 * one)[0].ravel()
    assert np.isnan(y[0]) and y[1] == 0 and y[2] == 2
    y, *_ = compiled(TRAINING[0], 'float64')(x, one, one, 1e-5, .1, one, one)
    assert np.isnan(y).all()


@pytest.mark.parametrize('shape, words', [
    ((3,), 'numbers of channels'), ((1,), 'numbers of channels')])
def test_numbers_of_other_channels_are_refused(shape, words):
    x = np.ones((2, 2, 3, 3))
    with pytest.raises(ValueError, match=words):
        compiled(TESTING[0], 'float64')(x, np.ones(2), np.ones(2),
                                        np.ones(shape))
    with pytest.raises(ValueError, match='expected'):
        compiled(TESTING[1], 'float64')(x, x[:1], *np.ones((3, 2)))


def test_other_types_are_refused_as_the_graph_is_built():
    with pytest.raises(TypeError, match='expected mean of 1 dimensions'):
        NormaliseReLU()(T.tensor4(), T.matrix(), T.vector(), T.vector())
    with pytest.raises(TypeError, match='expected 7 inputs, got 6'):
        BatchNormReLUGrad(added=True)(*[T.tensor4()] * 2, *[T.vector()] * 4)


def test_gradients_are_differences():
    generator = np.random.RandomState(3)
    x = generator.standard_normal((3, 2, 4, 3))
    scale, shift = generator.uniform(.5, 1, (2, 2))

    def y(x, scale, shift):
        return BatchNormReLU()(
            x, scale, shift, np.float64(1e-5), np.float64(.1),
            *np.ones((2, 2)))[0]

    symbols = [T.TensorType('float64', (False,) * 4)(), T.dvector(),
               T.dvector()]
    weights = generator.standard_normal(x.shape)
    z = T.sum(batch_formula(*symbols) * weights)
    ours = theano.function(symbols, T.grad(z, symbols))
    assert 'BatchNormReLUGrad' in names(ours)
    value = theano.function(symbols, T.sum(y(*symbols) * weights))
    for place, found in enumerate(ours(x, scale, shift)):
        arrays = [x, scale, shift]
        for index in list(np.ndindex(found.shape))[::5]:
            sides = []
            for step in (1e-6, -1e-6):
                moved = [array.copy() for array in arrays]
                moved[place][index] += step
                sides.append(value(*moved))
            np.testing.assert_allclose(found[index],
                                       (sides[0] - sides[1]) / 2e-6,
                                       rtol=1e-5, atol=1e-7)


def batch_formula(x, scale, shift):
    """The network's own, of ones as running statistics."""
    ones = T.ones_like(scale)
    return rectified(batch_norm(x, scale, shift, ones, ones)[0])


def names(function):
    return {type(node.op).__name__
            for node in function.maker.fgraph.apply_nodes}


def functions(inputs, outputs):
    """Theano's, and with ours in its place."""
    ours = theano.compile.get_default_mode().including('batch_norm')
    return [theano.function(inputs, outputs, mode=mode)
            for mode in (ours.excluding('batch_norm'), ours)]


def agree(plain, ours, floatX):
    """On images, four numbers a channel, and a gradient."""
    generator = np.random.RandomState(0)
    arrays = [generator.standard_normal((5, 3, 6, 4)).astype(floatX)]
    arrays += [numbers(generator, floatX, 3) for _ in range(4)]
    arrays.append(generator.standard_normal((5, 3, 6, 4)).astype(floatX))
    error = 2e-5 if floatX == 'float32' else 1e-12
    for found, expected in zip(ours(*arrays), plain(*arrays)):
        np.testing.assert_allclose(found, expected, rtol=error, atol=error)


@pytest.mark.parametrize('floatX', ['float32', 'float64'])
def test_theanos_batch_norm_becomes_ours(floatX, monkeypatch):
    monkeypatch.setattr(theano.config, 'floatX', floatX)
    x, g = [T.TensorType(floatX, (False,) * 4)() for _ in range(2)]
    channels = [T.vector() for _ in range(4)]
    z, mean, variance = batch_norm(x, *channels)
    y = rectified(z)
    inputs = [x, *channels]
    plain, ours = functions(inputs + [g], [y, mean, variance] + theano.grad(
        None, inputs[:3], known_grads={y: g}))
    assert {'BatchNormReLU', 'BatchNormReLUGrad'} <= names(ours)
    assert not any('BatchNorm' in name for name in names(plain))
    agree(plain, ours, floatX)


@pytest.mark.parametrize('floatX', ['float32', 'float64'])
def test_running_statistics_become_ours(floatX, monkeypatch):
    monkeypatch.setattr(theano.config, 'floatX', floatX)
    x, g = [T.TensorType(floatX, (False,) * 4)() for _ in range(2)]
    channels = [T.vector() for _ in range(4)]
    y = rectified(normalise(x, *channels))
    plain, ours = functions([x, *channels, g], [y, theano.grad(
        None, x, known_grads={y: g})])
    assert {'NormaliseReLU', 'NormaliseReLUGrad'} <= names(ours)
    assert not any('Normalise' in name for name in names(plain))
    agree(plain, ours, floatX)


def test_what_lies_between_can_still_be_asked_for():
    x = T.TensorType('float64', (False,) * 4)()
    channels = [T.dvector() for _ in range(4)]
    z = batch_norm(x, *channels)[0]
    plain, ours = functions([x, *channels], [z, rectified(z)])
    arrays = [np.random.RandomState(0).standard_normal((4, 2, 3, 3)),
              *np.full((4, 2), 1.5)]
    for found, expected in zip(ours(*arrays), plain(*arrays)):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
