"""Our operations get into the graphs, and only where they may."""

import graph_looks
import numpy as np
import pytest
import theano
import theano.tensor as T
from theano.tensor.signal.pool import pool_2d

pytestmark = pytest.mark.compiled

z, b, g = T.tensor4('z'), T.vector('b'), T.tensor4('g')


def relu_block(values=z, biases=b):
    total = values + biases.dimshuffle('x', 0, 'x', 'x')
    return total, T.nnet.relu(total)


def fused(inputs, outputs):
    """Which of our operations a graph gets, and how often; its function."""
    function = theano.function(inputs, outputs, on_unused_input='ignore')
    return {name: count for name, count in graph_looks.names(function).items()
            if name.startswith('BiasReLU')}, function


@pytest.mark.parametrize('temperature, soft, attacks', [
    (20., True, True), (1., False, False)])
def test_nothing_is_left_of_the_real_graphs(temperature, soft, attacks):
    for function in graph_looks.real_functions(temperature, soft, attacks):
        assert graph_looks.unfused(function) == []
        counts = graph_looks.names(function)
        assert counts['BiasReLU'] == counts['BiasReLUPool'] == 2
    assert graph_looks.names(function)


def test_a_plain_graph_is_told_from_a_fused_one():
    plain = graph_looks.loss_and_gradients(
        theano.compile.get_default_mode().excluding('bias_relu'))
    assert len(graph_looks.unfused(plain)) >= 10
    ours = graph_looks.loss_and_gradients()
    assert graph_looks.unfused(ours) == []
    images, labels = graph_looks.bordered_images(9)
    assert max(graph_looks.errors(ours(images, labels),
                                  plain(images, labels))) < 1e-13


def test_several_gradients_of_one_block():
    _, y = relu_block()
    other = T.tensor4()
    outputs = [y, *theano.grad(None, [z, b], known_grads={y: g}),
               theano.grad(None, z, known_grads={y: other})]
    counts, function = fused([z, b, g, other], outputs)
    assert counts == {'BiasReLU': 1, 'BiasReLUGrad': 2}
    arrays = [np.random.RandomState(k).standard_normal((2, 3, 4, 4))
              for k in range(3)]
    plain = theano.function([z, b, g, other], outputs, mode='FAST_COMPILE')
    mine = function(arrays[0], np.ones(3), *arrays[1:])
    assert graph_looks.unfused(plain)
    assert max(graph_looks.errors(
        mine, plain(arrays[0], np.ones(3), *arrays[1:]))) < 1e-13


@pytest.mark.parametrize('outside', ['total', 'relu'])
def test_what_others_use_is_left(outside):
    total, y = relu_block()
    p = pool_2d(y, (2, 2), ignore_border=True)
    counts, _ = fused([z, b], [p, (total if outside == 'total' else y).sum()])
    # Without the pool, the block's result may be seen by whoever likes.
    assert counts == ({} if outside == 'total' else {'BiasReLU': 1})


@pytest.mark.parametrize('y', [
    pool_2d(relu_block()[1], (3, 3), ignore_border=True),
    pool_2d(relu_block()[1], (2, 2), ignore_border=False),
    pool_2d(relu_block()[1], (2, 2), True, stride=(1, 1)),
    pool_2d(relu_block()[1], (2, 2), True, mode='average_inc_pad')])
def test_other_pools_stay_theanos(y):
    assert fused([z, b], y)[0] == {'BiasReLU': 1}


@pytest.mark.parametrize('y', [
    T.maximum(z + b.dimshuffle('x', 0, 'x', 'x'), 0),
    T.nnet.relu(z + b.dimshuffle('x', 'x', 0, 'x')),
    relu_block(T.TensorType('float64', (False, True, False, False))())[1]])
def test_other_formulas_stay_theanos(y):
    inputs = theano.gof.graph.inputs([y])
    assert fused([value for value in inputs
                  if not isinstance(value, theano.Constant)], y)[0] == {}
