"""Random numbers in C++: bit for bit Theano's, and their NumPy twin's."""

import ctypes
import functools
import json

import lasagne
import numpy as np
import pytest
import theano
import theano.tensor as T
from hypothesis import given, settings
from hypothesis import strategies as st
from theano.sandbox.rng_mrg import MRG_RandomStreams, mrg_uniform

from errors import UserError
from ops import inspection, twins
from ops.uniform import Uniform

dtypes = st.sampled_from(['float32', 'float64'])
seeds = st.integers(0, 2 ** 31)


def mode(ours):
    """Theano's default mode, with our numbers or without."""
    default = theano.compile.get_default_mode()
    return default if ours else default.excluding('uniform')


def node_of(function):
    """The node that draws."""
    return next(node for node in function.maker.fgraph.toposort()
                if type(node.op) in (Uniform, mrg_uniform))


@functools.lru_cache(maxsize=None)
def drawing(dtype, rank, ours):
    """A function of a size that draws and goes on; its state."""
    state, size = theano.shared(np.ones((1, 6), 'int32')), T.lvector()
    after, samples = mrg_uniform(T.TensorType(dtype, (False,) * rank))(
        state, size)
    function = theano.function([size], samples, updates=[(state, after)],
                               mode=mode(ours))
    op = node_of(function).op
    assert (type(op), op.inplace) == (Uniform if ours else mrg_uniform, True)
    return function, state


@functools.lru_cache(maxsize=None)
def single(dtype='float64', state=T.imatrix):
    """Our operation as a function of a state, left as it is, and a size."""
    inputs = [state(), T.lvector()]
    return theano.function(inputs, Uniform(T.TensorType(
        dtype, (False,)))(*inputs))


def states(seed, streams, low=0, high=2147462579):
    return np.random.RandomState(seed).randint(
        low, high, (streams, 6)).astype('int32')


def same(*arrays):
    """Arrays of one type, one shape and the same bits."""
    for array in arrays[1:]:
        assert (array.dtype, array.shape) == (arrays[0].dtype,
                                              arrays[0].shape)
        assert array.tobytes() == arrays[0].tobytes()


def agree(dtype, shape, state, calls=3):
    """Draw some times in a row, by ours, by Theano's and by the twin."""
    functions = [drawing(dtype, len(shape), ours) for ours in (True, False)]
    for _, shared in functions:
        shared.set_value(state)
    for _ in range(calls):
        samples = [function(shape) for function, _ in functions]
        expected, state = twins.uniform(state, int(np.prod(shape)), dtype)
        same(*samples, expected.reshape(shape))
        same(*[shared.get_value() for _, shared in functions], state)


@pytest.mark.compiled
@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=4),
       st.integers(1, 70), dtypes, seeds)
def test_bits_are_theanos(shape, streams, dtype, seed):
    agree(dtype, shape, states(seed, streams))


@pytest.mark.compiled
@pytest.mark.parametrize('dtype', ['float32', 'float64'])
@pytest.mark.parametrize('shape', [(9, 64, 4, 4), (128, 200), (3, 1, 2, 2, 5)])
def test_bits_are_theanos_for_as_many_streams_as_dropout_has(shape, dtype):
    agree(dtype, shape, states(1, 15360))


@pytest.mark.compiled
@pytest.mark.parametrize('threads', [1, 2, 3])
def test_bits_are_theanos_by_any_number_of_threads(threads):
    openmp = ctypes.CDLL('libgomp.so.1')
    before = openmp.omp_get_max_threads()
    openmp.omp_set_num_threads(threads)
    try:
        agree('float32', (128, 200), states(2, 1000))
        agree('float64', (7, 5000), states(3, 15361))
    finally:
        openmp.omp_set_num_threads(before)


@pytest.mark.compiled
@settings(max_examples=50, deadline=None)
@given(st.integers(0, 500), st.integers(1, 70), dtypes, seeds)
def test_cpp_does_what_numpy_says_of_any_state(count, streams, dtype, seed):
    """Of those that Theano's C says nothing of, too: sums may wrap."""
    state = states(seed, streams, -2 ** 31, 2 ** 31)
    kept = state.copy()
    after, samples = single(dtype)(state, [count])
    for got, expected in zip((samples, after),
                             twins.uniform(state, count, dtype)):
        same(got, expected)
    same(state, kept)


@pytest.mark.parametrize('ours', [True, False])
def test_perform_is_the_twin(ours):
    state, storage = states(4, 8), [[None], [None]]
    op = Uniform(T.TensorType('float32', (False,) * 2), inplace=ours)
    samples, after = twins.uniform(state, 21, 'float32')
    op.perform(None, [state, np.array([3, 7])], storage)
    assert (storage[0][0] is state) == ours
    same(storage[0][0], after)
    same(storage[1][0], samples.reshape(3, 7))


@pytest.mark.compiled
def test_a_state_of_another_order_in_memory():
    functions = [drawing('float32', 1, ours) for ours in (True, False)]
    results = []
    for function, shared in functions:
        shared.set_value(np.asfortranarray(states(5, 33)), borrow=True)
        results.append([function([50]), function([50]), shared.get_value()])
    for ours, theirs in zip(*results):
        same(ours, theirs)


def dropout(shape, ours):
    """A Lasagne dropout layer's function of x, and its generator's state."""
    lasagne.random.set_rng(np.random.RandomState(0))
    layer = lasagne.layers.DropoutLayer(lasagne.layers.InputLayer(shape))
    x = layer.input_layer.input_var
    output = lasagne.layers.get_output(layer)
    return (theano.function([x], output, mode=mode(ours)),
            layer._srng.state_updates[0][0])


@pytest.mark.compiled
@pytest.mark.parametrize('shape', [(None, 20), (None, 4, 3, 3), (6, 20)])
def test_lasagnes_dropout_gets_it_and_drops_the_same(shape):
    ours, plain = [dropout(shape, which) for which in (True, False)]
    assert type(node_of(ours[0]).op) is Uniform
    assert type(node_of(plain[0]).op) is mrg_uniform
    x = np.random.RandomState(1).randn(6, *shape[1:])
    kept = [ours[0](x) for _ in range(3)]
    assert 0 < (kept[0] == 0).mean() < 1 and (kept[0] != kept[1]).any()
    first = plain[0](x)
    # A run goes on by the other from here: their states are the same.
    ours[1].set_value(plain[1].get_value())
    for expected, got in zip(kept, [first, ours[0](x), ours[0](x)]):
        same(expected, got)


@pytest.mark.compiled
def test_every_type_of_ops_drops_the_same(scripts):
    """In float32, in processes of their own: see dropout_process."""
    found = {ops: json.loads(scripts.succeed(
        'tests/dropout_process.py', ops).splitlines()[-1])
        for ops in ('theano', 'c', 'onednn')}
    assert {ops: report['types'] for ops, report in found.items()} == {
        'theano': ['mrg_uniform'] * 3, 'c': ['Uniform'] * 3,
        'onednn': ['Uniform'] * 3}
    assert len({report['sha256'] for report in found.values()}) == 1, found


@pytest.mark.compiled
def test_a_graph_without_it_is_refused():
    samples = MRG_RandomStreams(1).uniform((3,))
    assert inspection.missing(theano.function([], samples), 'c', False) == [
        'BiasReLUPool', 'CorrMM']
    plain = theano.function([], samples, mode=mode(False))
    with pytest.raises(UserError, match='expected BiasReLUPool, CorrMM, Unif'):
        inspection.require(plain, 'c', gradients=False)
    assert 'Uniform' not in inspection.missing(plain, 'theano', False)


@pytest.mark.compiled
@pytest.mark.parametrize('dtype, size', [
    ('float16', T.lvector()), ('float32', T.fvector()),
    ('float64', T.vector(dtype='uint64'))])
def test_what_ours_does_not_do_stays_theanos(dtype, size):
    state = T.imatrix()
    function = theano.function(
        [state, size], mrg_uniform(T.TensorType(dtype, (False,)))(
            state, size), mode=theano.Mode('vm', mode(True).optimizer))
    assert type(node_of(function).op) is mrg_uniform


def test_other_types_are_refused_as_the_graph_is_built():
    with pytest.raises(TypeError, match='float32 or float64, got float16'):
        Uniform(T.TensorType('float16', (False,)))


@pytest.mark.compiled
@pytest.mark.parametrize('state, size, words', [
    (np.ones((4, 5), 'int32'), [3], r'\(streams, 6\) of int32, got \(4, 5\)'),
    (np.ones((4, 6), 'int64'), [3], r'got \(4, 6\) of int64'),
    (np.ones((4, 6, 1), 'int32'), [3], r'got \(4, 6, 1\) of int32'),
    (np.ones((0, 6), 'int32'), [3], 'a stream for 3 numbers, got none'),
    (np.ones((4, 6), 'int32'), [3, 3], 'a vector of 1, got 2 lengths'),
    (np.ones((4, 6), 'int32'), [-3], 'size: expected no length below 0'),
    (np.ones((4, 6), 'int32'), [2 ** 31], r'at most 2\*\*31 - 1 numbers'),
    (np.ones((4, 6), 'int32'), [2 ** 62], r'at most 2\*\*31 - 1 numbers')])
def test_bad_inputs_are_refused(state, size, words):
    symbol = functools.partial(T.TensorType(
        state.dtype.name, (False,) * state.ndim))
    with pytest.raises(ValueError, match=words):
        single('float64', symbol)(state, size)


@pytest.mark.compiled
def test_no_numbers_of_no_streams():
    after, samples = single()(np.ones((0, 6), 'int32'), [0])
    assert after.shape == (0, 6) and samples.shape == (0,)
