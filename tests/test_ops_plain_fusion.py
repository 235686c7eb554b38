"""oneDNN's convolutions without a ReLU: against twins, and in graphs."""

import functools
import platform
import sys

import numpy as np
import pytest
import theano
import theano.tensor as T
from theano.tensor.nnet import conv2d

import ops.block_fusion  # noqa: F401
from ops.convolution import ConvolutionBlock, ConvolutionBlockGrad

pytestmark = pytest.mark.skipif(
    (sys.platform, platform.machine()) != ('linux', 'x86_64'),
    reason='oneDNN\'s package is for x86-64 Linux alone')
SHAPES = ((5, 3, 12, 11), (8, 3, 5, 5), (8,))


def arrays(*shapes):
    generator = np.random.RandomState(0)
    return [generator.standard_normal(shape).astype('float32')
            for shape in shapes]


def error(got, expected):
    """Relative L2 error."""
    return np.linalg.norm(got - expected) / np.linalg.norm(expected)


def perform(op, count, *inputs):
    storage = [[None] for _ in range(count)]
    op.perform(None, inputs, storage)
    return [place[0] for place in storage]


@pytest.mark.compiled
def test_both_directions_are_the_twins():
    x, w, b = arrays(*SHAPES)
    symbols = [T.tensor4(dtype='float32') for _ in range(4)]
    bias = T.vector(dtype='float32')
    forward = ConvolutionBlock(pad=(2, 1), relu=False)
    z = theano.function(symbols[:2] + [bias], forward(*symbols[:2], bias))(
        x, w, b)
    expected, = perform(forward, 1, x, w, b)
    assert (expected < 0).any() and error(z, expected) < 1e-6
    g, = arrays(z.shape)
    backward = ConvolutionBlockGrad(pad=(2, 1), relu=False)
    found = theano.function(symbols, backward(*symbols, return_list=True))(
        x, w, g, g)
    for got, twin in zip(found, perform(backward, 3, x, w, g, g)):
        assert error(got, twin) < 1e-6


@pytest.mark.compiled
def test_without_a_bias_and_with_images_added():
    x, w, _ = arrays(*SHAPES)
    symbols = [T.tensor4(dtype='float32') for _ in range(4)]
    geometry = {'stride': (2, 1), 'pad': (2, 1), 'relu': False}
    forward = ConvolutionBlock(bias=False, added=True, **geometry)
    added, = arrays(forward_shape(forward, x, w))
    z = theano.function(symbols[:3], forward(*symbols[:3]))(x, w, added)
    assert error(z, perform(forward, 1, x, w, added)[0]) < 1e-6
    backward = ConvolutionBlockGrad(bias=False, **geometry)
    found = theano.function(symbols, backward(*symbols, return_list=True))(
        x, w, z, z)
    assert len(found) == 2
    for got, twin in zip(found, perform(backward, 2, x, w, z, z)):
        assert error(got, twin) < 1e-6
    with pytest.raises(ValueError, match='added'):
        theano.function(symbols[:3], forward(*symbols[:3]))(
            x, w, added[:, :, 1:])


def forward_shape(op, x, w):
    """Of what comes out."""
    rows, columns = [
        (x.shape[2 + k] + 2 * op.pad[k] - w.shape[2 + k]) // op.stride[k] + 1
        for k in range(2)]
    return len(x), len(w), rows, columns


def test_images_are_added_to_no_relu():
    with pytest.raises(ValueError, match='relu=False alone'):
        ConvolutionBlock(added=True)


def test_as_many_inputs_as_it_says():
    with pytest.raises(TypeError, match='expected 3 inputs, got 2'):
        ConvolutionBlock()(*[T.tensor4(dtype='float32')] * 2)


def test_a_pool_needs_a_relu():
    with pytest.raises(ValueError, match='relu=True alone'):
        ConvolutionBlock(pool=True, relu=False)


@functools.lru_cache(maxsize=None)
def functions(rectified):
    """Outputs of other errors for images than for weights: plain, ours."""
    x, w, g, other = [T.tensor4(dtype='float32') for _ in range(4)]
    b = T.vector(dtype='float32')
    z = conv2d(x, w, border_mode=(2, 1)) + b.dimshuffle('x', 0, 'x', 'x')
    y, gz = z, g
    if rectified:
        y = T.nnet.relu(z)
        gz = theano.grad(None, z, known_grads={y: g})
    outputs = [y, theano.grad(None, x, known_grads={z: gz})] + theano.grad(
        None, [w, b], known_grads={z: gz * other})
    mode = theano.compile.get_default_mode()
    return [theano.function([x, w, b, g, other], outputs, mode=chosen)
            for chosen in (mode, mode.including(
                'bias_relu', 'convolution', 'plain_convolution'))]


@pytest.mark.compiled
@pytest.mark.parametrize('rectified', [False, True])
def test_gradients_of_different_errors_are_replaced_apart(rectified):
    plain, ours = functions(rectified)
    names = [type(node.op).__name__
             for node in ours.maker.fgraph.apply_nodes]
    assert names.count('ConvolutionBlock') == 1
    assert names.count('ConvolutionBlockGrad') == 2
    assert not any('Corr' in name for name in names)
    assert 'Sum' not in names
    assert any('CorrMM' in type(node.op).__name__
               for node in plain.maker.fgraph.apply_nodes)
    inputs = arrays(*SHAPES, (5, 8, 12, 9), (5, 8, 12, 9))
    for got, expected in zip(ours(*inputs), plain(*inputs)):
        assert error(got, expected) < 1e-6
