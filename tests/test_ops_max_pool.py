"""Max-pool, norms and factors in C++: against NumPy, and Theano."""

import functools

import numpy as np
import pytest
import theano
import theano.tensor as T
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.elements import ElementNorms, ScaleElements, norms, scaled
from ops.max_pool import (
    FORMULAS,
    FirstMaxPool,
    FirstMaxPoolGrad,
    OverlapMaxPool,
    OverlapMaxPoolGrad,
    first_maximum,
)
from ops.twins import CORNERS

pytestmark = pytest.mark.compiled

dtypes = st.sampled_from(['float32', 'float64'])
shapes = st.tuples(st.integers(0, 4), st.integers(1, 5), st.integers(2, 11),
                   st.integers(2, 11))
seeds = st.integers(0, 2 ** 31)
layouts = st.sampled_from(['nchw', 'nhwc', 'reversed'])


def lying(array, how):
    """The same values, in another order in memory."""
    if how == 'nhwc':
        return array.transpose(0, 2, 3, 1).copy().transpose(0, 3, 1, 2)
    return array[:, :, ::-1].copy()[:, :, ::-1] if how == 'reversed' else array


def perform(op, *arrays):
    """What an operation's twin gives."""
    storage = [[None] for _ in range(3)]
    op.perform(None, arrays, storage)
    return [place[0] for place in storage if place[0] is not None]


@functools.lru_cache(maxsize=None)
def compiled(name, dtype):
    """An operation's C++ as a function of arrays."""
    z, f = T.TensorType(dtype, (False,) * 4)(), T.vector(dtype=dtype)
    place, shape = T.tensor4(dtype='uint8'), T.lvector()
    inputs, outputs = {
        'pool': ([z], FirstMaxPool()(z, return_list=True)),
        'no place': ([z], FirstMaxPool(False)(z, return_list=True)),
        'unpool': ([place, z, shape], [FirstMaxPoolGrad()(place, z, shape)]),
        'overlap': ([z], OverlapMaxPool()(z, return_list=True)),
        'no place there': ([z], OverlapMaxPool(False)(z, return_list=True)),
        'overlap, relu': ([z], OverlapMaxPool(relu=True)(
            z, return_list=True)),
        'no place, relu': ([z], OverlapMaxPool(False, relu=True)(
            z, return_list=True)),
        'unoverlap': ([place, z, shape], [OverlapMaxPoolGrad()(place, z,
                                                               shape)]),
        'norms': ([z], [ElementNorms()(z)]),
        'scale': ([z, f], [ScaleElements()(z, f)])}[name]
    return theano.function(inputs, outputs)


def values(shape, dtype, seed, how, whole):
    """Random numbers; whole ones tie, and some are NaN."""
    generator = np.random.RandomState(seed)
    drawn = generator.standard_normal(shape)
    if whole:
        drawn = np.round(drawn)
        drawn[generator.random_sample(shape) < .05] = np.nan
    return lying(drawn.astype(dtype), how)


@pytest.mark.parametrize('names, twin, back', [
    (('pool', 'no place', 'unpool'), FirstMaxPool, FirstMaxPoolGrad),
    (('overlap', 'no place there', 'unoverlap'), OverlapMaxPool,
     OverlapMaxPoolGrad),
    (('overlap, relu', 'no place, relu', 'unoverlap'),
     functools.partial(OverlapMaxPool, relu=True), OverlapMaxPoolGrad)])
@settings(max_examples=60, deadline=None)
@given(shapes, dtypes, seeds, layouts, st.booleans())
def test_pools_are_the_twins(names, twin, back, shape, dtype, seed, how,
                             whole):
    if back is OverlapMaxPoolGrad:
        shape = shape[:2] + tuple(length // 2 * 2 for length in shape[2:])
    forward, bare, backward = [compiled(name, dtype) for name in names]
    z = values(shape, dtype, seed, how, whole)
    p, place = forward(z)
    expected = perform(twin(), z)
    np.testing.assert_array_equal(p, expected[0])
    np.testing.assert_array_equal(place, expected[1])
    np.testing.assert_array_equal(bare(z)[0], p)
    g = values(p.shape, dtype, seed + 1, how, False)
    gz, = backward(place, g, np.array(shape))
    np.testing.assert_array_equal(
        gz, perform(back(), place, g, np.array(shape))[0])
    if how == 'nhwc' and min(place.shape) > 1:
        assert gz.strides[1] == gz.itemsize


def test_overlapping_windows_want_even_images():
    with pytest.raises(ValueError, match='expected an even height and width, '
                       'got 4 and 5'):
        compiled('overlap', 'float32')(np.zeros((1, 1, 4, 5), 'float32'))
    with pytest.raises(ValueError, match='got 4 and 5'):
        perform(OverlapMaxPool(), np.zeros((1, 1, 4, 5), 'float32'))


@settings(max_examples=40, deadline=None)
@given(shapes, dtypes, seeds, layouts)
def test_norms_and_factors_are_the_twins(shape, dtype, seed, how):
    z = values(shape, dtype, seed, how, False)
    sizes, = compiled('norms', dtype)(z)
    assert sizes.dtype == np.float64
    np.testing.assert_allclose(sizes, perform(ElementNorms(), z)[0],
                               rtol=1e-13)
    factors = np.random.RandomState(seed).rand(shape[0]).astype(dtype)
    np.testing.assert_array_equal(compiled('scale', dtype)(z, factors)[0],
                                  perform(ScaleElements(), z, factors)[0])


def both(inputs, outputs):
    """A graph as Theano has it, and as ours."""
    plain = theano.compile.get_default_mode().excluding('max_pool',
                                                        'elements')
    return (theano.function(inputs, outputs, mode=plain),
            theano.function(inputs, outputs))


def names(function):
    return {type(node.op).__module__ + '.' + type(node.op).__name__
            for node in function.maker.fgraph.apply_nodes}


@pytest.mark.parametrize('formula', FORMULAS)
@pytest.mark.parametrize('whole', [False, True])
def test_the_formulas_and_their_gradients(formula, whole):
    z, g = T.tensor4(), T.tensor4()
    p = formula(z)
    plain, ours = both([z, g], [p, theano.grad(None, z, known_grads={p: g})])
    forward, back = FORMULAS[formula]
    found = [node.op for node in ours.maker.fgraph.apply_nodes]
    assert {forward(), back()} <= set(found)
    assert not any('Abs' in str(op) for op in found)
    assert not any('IncSubtensor' in name for name in names(ours))
    assert not any(name.startswith('ops.') for name in names(plain))
    z = np.nan_to_num(values((3, 4, 8, 6), 'float64', 1, 'nchw', whole))
    g = values((3, 4, 4, 3), 'float64', 2, 'nchw', False)
    for expected, found in zip(plain(z, g), ours(z, g)):
        # Where windows overlap, gradients are added in another order.
        np.testing.assert_allclose(found, expected, rtol=1e-14, atol=1e-15)


def test_other_windows_stay_theanos():
    z = T.tensor4()
    for places in ([z[:, :, i::3, j::3] for i, j in CORNERS],
                   [z[:, :, j::2, i::2] for i, j in CORNERS]):
        assert 'ops.max_pool.FirstMaxPool' not in names(theano.function(
            [z], first_maximum(places)))


def test_the_formulas_of_images_become_operations():
    z, f = T.tensor4(), T.vector()
    plain, ours = both([z, f], [norms(z), scaled(z, f)])
    assert {'ops.elements.ElementNorms', 'ops.elements.ScaleElements'
            } <= names(ours)
    z = values((3, 4, 9, 6), 'float64', 3, 'nhwc', False)
    for expected, found in zip(plain(z, np.arange(3.)), ours(z,
                                                             np.arange(3.))):
        np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_factors_of_another_number():
    with pytest.raises(ValueError, match='factors: expected a length of 3'):
        compiled('scale', 'float64')(np.ones((3, 1, 2, 2)), np.ones(2))
