"""oneDNN's blocks against their NumPy twins; other processes' against ours."""

import functools
import importlib.metadata
import json
import platform
import sys

import numpy as np
import pytest
import theano
import theano.tensor as T
from hypothesis import given, settings
from hypothesis import strategies as st

from environment import operations
from errors import UserError
from ops.convolution import ConvolutionBlock, ConvolutionBlockGrad

#: stride, pad, flip, pool: LeNet's, CIFAR-quick's and ResNet's among them.
GEOMETRIES = [((1, 1), (0, 0), True, True), ((1, 1), (2, 2), True, False),
              ((2, 2), (1, 1), False, True), ((2, 1), (0, 3), False, False)]
TOLERANCE = 1e-6
pytestmark = pytest.mark.skipif(
    (sys.platform, platform.machine()) != ('linux', 'x86_64'),
    reason='oneDNN\'s package is for x86-64 Linux alone')


@functools.lru_cache(maxsize=None)
def compiled(geometry):
    """(forward, backward), each with its twin, of one geometry."""
    x, w, g = [T.tensor4(dtype='float32') for _ in range(3)]
    b, pool = T.vector(dtype='float32'), geometry[-1]
    saved = T.tensor4(dtype='uint8' if pool else 'float32')
    pairs = []
    for op, inputs in ((ConvolutionBlock(*geometry, mask=pool), [x, w, b]),
                       (ConvolutionBlockGrad(*geometry), [x, w, saved, g])):
        outputs = op(*inputs, return_list=True)

        twin = functools.partial(perform, op, len(outputs))
        pairs.append((theano.function(inputs, outputs), twin))
    return pairs


def perform(op, count, *arrays):
    """What an operation's twin gives."""
    storage = [[None] for _ in range(count)]
    op.perform(None, arrays, storage)
    return [place[0] for place in storage]


def error(got, expected, scale=None):
    """L2 error, relative to what is expected or to another array."""
    assert (got.dtype, got.shape) == (expected.dtype, expected.shape)
    got, expected = got.astype(float), expected.astype(float)
    size = np.linalg.norm(expected if scale is None else scale.astype(float))
    return np.linalg.norm(got - expected) / max(size, 1e-30)


@pytest.mark.compiled
@settings(max_examples=40, deadline=None)
@given(st.sampled_from(GEOMETRIES), st.integers(1, 7),
       st.sampled_from([1, 3, 16, 20]), st.sampled_from([1, 6, 16, 32]),
       st.integers(5, 13), st.integers(5, 13), st.integers(1, 5),
       st.integers(1, 5), st.booleans(), st.integers(0, 2 ** 31))
def test_blocks_do_what_numpy_says(geometry, n, c, f, height, width, rows,
                                   columns, whole, seed):
    generator = np.random.RandomState(seed)
    shapes = [(n, c, height, width), (f, c, rows, columns), (f,)]
    # Transposed: any order in memory has to do. Whole ones tie and are 0.
    x, w, b = [generator.randint(-1, 2, shape[::-1]).T.astype('float32')
               if whole else
               generator.standard_normal(shape[::-1]).T.astype('float32')
               for shape in shapes]
    (forward, forward_twin), (backward, backward_twin) = compiled(geometry)
    outputs = forward(x, w, b)
    expected = forward_twin(x, w, b)
    assert error(outputs[0], expected[0]) < TOLERANCE
    if whole:
        np.testing.assert_array_equal(outputs[-1], expected[-1])
    g = generator.standard_normal(outputs[0].shape).astype('float32')
    # Sums of few numbers may all but cancel: what counts is their size.
    sizes = backward_twin(abs(x), abs(w), outputs[-1], abs(g))
    for got, wanted, size in zip(backward(x, w, outputs[-1], g),
                                 backward_twin(x, w, outputs[-1], g), sizes):
        assert error(got, wanted, size) < TOLERANCE


@pytest.mark.compiled
@pytest.mark.parametrize('c, f, size', [(1, 32, 28), (32, 64, 12)])
def test_the_papers_blocks_are_within_the_tolerance(c, f, size):
    (forward, forward_twin), (backward, backward_twin) = compiled(
        GEOMETRIES[0])
    generator = np.random.RandomState(0)
    x, w, b, g = [generator.standard_normal(shape).astype('f4') for shape in (
        (9, c, size, size), (f, c, 3, 3), (f,),
        (9, f, size // 2 - 1, size // 2 - 1))]
    outputs = forward(x, w, b)
    pairs = list(zip(outputs[:1], forward_twin(x, w, b)))
    pairs += zip(backward(x, w, outputs[1], g),
                 backward_twin(x, w, outputs[1], g))
    assert max(error(*pair) for pair in pairs) < TOLERANCE


@pytest.mark.compiled
def test_an_empty_batch():
    (forward, _), (backward, _) = compiled(GEOMETRIES[0])
    x, w = np.zeros((0, 1, 6, 6), 'f4'), np.ones((2, 1, 3, 3), 'f4')
    y, mask = forward(x, w, np.ones(2, 'f4'))
    assert y.shape == mask.shape == (0, 2, 2, 2)
    gw, gb, gx = backward(x, w, mask, y)
    assert gx.shape == x.shape and not gw.any() and not gb.any()


@pytest.mark.parametrize('settings, words', [
    ({'stride': (0, 1)}, 'stride: expected two whole numbers of 1 or more'),
    ({'pad': (0, -1)}, 'pad: expected two whole numbers of 0 or more'),
    ({'pad': (1,)}, 'pad: expected two whole numbers of 0 or more'),
    ({'mask': True}, 'expected a mask with pool=True alone')])
def test_bad_geometry_is_refused_as_the_graph_is_built(settings, words):
    with pytest.raises(ValueError, match=words):
        ConvolutionBlock(**settings)


def test_other_types_are_refused_as_the_graph_is_built():
    with pytest.raises(TypeError, match='expected float32, got float64'):
        ConvolutionBlock()(T.tensor4(dtype='float64'),
                           T.tensor4(dtype='float64'),
                           T.vector(dtype='float64'))
    x = T.tensor4(dtype='float32')
    with pytest.raises(TypeError, match='expected the block\'s mask'):
        ConvolutionBlockGrad(pool=True)(x, x, x, x)


@pytest.mark.compiled
@pytest.mark.parametrize('shapes, words', [
    (((2, 3, 8, 8), (4, 2, 3, 3), (4,)), 'filters of the images\' 3 channels'),
    (((2, 3, 8, 2), (4, 3, 3, 3), (4,)), 'expected filters that fit the imag'),
    (((2, 3, 8, 8), (4, 3, 3, 3), (5,)), 'biases: expected a length of 4')])
def test_arrays_that_do_not_fit_are_refused(shapes, words):
    (forward, _), _ = compiled(GEOMETRIES[0])
    with pytest.raises(ValueError, match=words):
        forward(*[np.ones(shape, 'f4') for shape in shapes])


def test_choosing(monkeypatch):
    choose = operations.choose_ops
    assert choose('auto', 'cpu', False) == ('onednn', '')
    assert choose('auto', 'cpu', True) == ('c', 'oneDNN has no float64')
    assert choose('auto', 'cuda0', False)[0] == 'theano'
    assert choose('theano', 'cpu', False) == ('theano', '')
    for asked, device, float64, words in (
            ('onednn', 'cpu', True, '--ops onednn: not possible, as oneDNN'),
            ('c', 'cuda0', False, 'as it is for --device cpu alone'),
            ('fast', 'cpu', False, '--ops: expected auto, theano, c, onedn')):
        with pytest.raises(UserError, match=words):
            choose(asked, device, float64)

    def missing(name):
        raise importlib.metadata.PackageNotFoundError

    monkeypatch.setattr(importlib.metadata, 'distribution', missing)
    best, reason = choose('auto', 'cpu', False)
    assert best == 'c' and 'of one version are missing, see README' in reason
    with pytest.raises(UserError, match='not possible, as onednn-devel-cpu'):
        choose('onednn', 'cpu', False)


def test_headers_of_another_version_do_not_count(monkeypatch):
    real = importlib.metadata.distribution

    class Older:
        version, files = '2023.1.0', real('onednn-devel-cpu-gomp').files

    assert real('onednn-cpu-gomp').version != Older.version
    monkeypatch.setattr(importlib.metadata, 'distribution', lambda name: (
        Older if name == 'onednn-devel-cpu-gomp' else real(name)))
    assert operations.choose_ops('auto', 'cpu', False)[0] == 'c'


@pytest.mark.compiled
def test_threads_and_processes_agree(scripts):
    """In float32, as users train: see ops_process."""
    found, printed = {}, {}
    for threads in ('1', '2'):
        path = scripts.path('arrays-%s.npz' % threads)
        printed[threads] = scripts.succeed('tests/ops_process.py', path,
                                           threads)
        with np.load(path) as arrays:
            found[threads] = dict(arrays)
    report = json.loads(printed['1'].splitlines()[-1])
    assert report['unfused'] == [], report
    assert report['repeated'] and report['blocks'] == 4, report
    # Near ties of ReLU and pool may fall otherwise: not a block's 1e-6.
    assert max(report['errors']) < 1e-4, report
    for name, array in found['1'].items():
        if name.startswith('c '):            # ours do not depend on threads
            np.testing.assert_array_equal(array, found['2'][name])
        else:
            assert error(found['2'][name], array) < TOLERANCE, name
