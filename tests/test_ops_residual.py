"""Sums of images in the operation of one of their sides."""

import numpy as np
import pytest
import theano
import theano.tensor as T
from theano.tensor.nnet import conv2d

from network.batch_norm import batch_norm
from ops import block_fusion, residual  # noqa: F401
from ops.batch_norm import rectified

pytestmark = pytest.mark.compiled

TAGS = 'bias_relu', 'plain_convolution', 'batch_norm', 'residual'


def functions(inputs, outputs):
    """Theano's, and with ours in its place."""
    mode = theano.compile.get_default_mode()
    return [theano.function(inputs, outputs, mode=chosen)
            for chosen in (mode.excluding(*TAGS), mode.including(*TAGS))]


def operations(function):
    return [node.op for node in function.maker.fgraph.apply_nodes]


def agree(functions, arrays, error=1e-5):
    for found, expected in zip(*(some(*arrays) for some in functions)):
        assert np.linalg.norm(found - expected) <= error * np.linalg.norm(
            expected)


def images(dtype, *shape):
    return np.random.RandomState(sum(shape)).standard_normal(shape).astype(
        dtype)


@pytest.mark.parametrize('bias', [False, True])
def test_a_convolution_adds_a_shortcut(bias):
    x, w, short, g = [T.tensor4(dtype='float32') for _ in range(4)]
    b = T.vector(dtype='float32')
    z = conv2d(x, w, border_mode=(1, 1))
    if bias:
        z = z + b.dimshuffle('x', 0, 'x', 'x')
    y = z + short
    outputs = [y] + theano.grad(None, [x, w, short],
                                known_grads={y: g})
    both = functions([x, w, short, g] + [b] * bias, outputs)
    blocks = [op for op in operations(both[1])
              if type(op).__name__ == 'ConvolutionBlock']
    assert [(op.added, op.bias) for op in blocks] == [(True, bias)]
    agree(both, [images('float32', 4, 3, 8, 7), images('float32', 5, 3, 3, 3),
                 images('float32', 4, 5, 8, 7), images('float32', 4, 5, 8, 7)]
          + [images('float32', 5)] * bias)


def test_of_two_convolutions_one_adds_the_other():
    x, w, v = [T.tensor4(dtype='float32') for _ in range(3)]
    both = functions([x, w, v], [conv2d(x, w, border_mode=(1, 1),
                                        subsample=(2, 2))
                                 + conv2d(x, v, subsample=(2, 2))])
    assert sorted(op.added for op in operations(both[1]) if type(
        op).__name__ == 'ConvolutionBlock') == [False, True]
    assert not any(type(op).__name__ == 'Elemwise'
                   for op in operations(both[1]))
    agree(both, [images('float32', 4, 3, 8, 6), images('float32', 5, 3, 3, 3),
                 images('float32', 5, 3, 1, 1)])


def test_what_somebody_asks_for_is_not_added_to():
    x, w, short = [T.tensor4(dtype='float32') for _ in range(3)]
    z = conv2d(x, w)
    both = functions([x, w, short], [z + short, z])
    assert [op.added for op in operations(both[1]) if type(
        op).__name__ == 'ConvolutionBlock'] == [False]
    agree(both, [images('float32', 4, 3, 5, 5), images('float32', 2, 3, 1, 1),
                 images('float32', 4, 2, 5, 5)])


@pytest.mark.parametrize('dtype', ['float32', 'float64'])
def test_a_batch_norms_gradient_adds_the_shortcuts(dtype, monkeypatch):
    monkeypatch.setattr(theano.config, 'floatX', dtype)
    x, g = [T.TensorType(dtype, (False,) * 4)() for _ in range(2)]
    channels = [T.vector() for _ in range(4)]
    y = rectified(batch_norm(x, *channels)[0]) + x
    both = functions([x, g, *channels], [y] + theano.grad(
        None, [x, *channels[:2]], known_grads={y: g}))
    assert [op.added for op in operations(both[1]) if type(
        op).__name__ == 'BatchNormReLUGrad'] == [True]
    agree(both, [images(dtype, 6, 3, 5, 4), images(dtype, 6, 3, 5, 4)]
          + [images(dtype, 3) for _ in range(4)])
