"""Batch normalisation with a ReLU behind it in one, and their gradients.

Images are (n, c, h, w) to whoever looks; they may lie in memory so or, as
oneDNN leaves them, as (n, h, w, c), and results lie as they do. The ReLU is
PyTorch's, `rectified`: 0 has no gradient. Registered with Theano's optimizer
as 'batch_norm'.
"""

import functools
from types import SimpleNamespace

import numpy as np
import theano.tensor as T
from theano.compile import optdb
from theano.gof import Apply
from theano.tensor.nnet.bn import AbstractBatchNormTrain

from ops.compiled import CompiledOp, images, variables
from ops.fusion import POSITION
from ops.patterns import Fusion, gradients, matches
from ops.twins import check_shape

AXES = (0, 2, 3)  # of a batch, all but the channels


def rectified(z):
    """max(z, 0) as a graph, of which 0 has no gradient, as in PyTorch.

    Lasagne's ReLU passes half of it on. NaN stays NaN, so that it is noticed.
    """
    return z * T.gt(z, 0)


def normalised(x, mean, factor, shift):
    """(x - mean) · factor + shift as a graph, of numbers (1, c, 1, 1)."""
    return (x - mean) * factor + shift


class NormaliseReLU(CompiledOp):
    """x (n, c, h, w), mean, factor, shift (c,) -> y, as x.

    y = ReLU((x - mean) · factor + shift), for networks in tests.
    """

    __props__ = ()
    kernels = 'batch_norm'
    function = 'normalise_relu'

    def make_node(self, x, *channels):
        found = variables(self, ('x', 'mean', 'factor', 'shift'),
                          (x, *channels), (4, 1, 1, 1))
        return Apply(self, found, [images(found[0].dtype)])

    def twin(self, x, *channels):
        check_channels(x, *channels)
        return [relu(normalised(x, *map(wide, channels)))]

    def infer_shape(self, node, shapes):
        return shapes[:1]

    def grad(self, inputs, found):
        return [NormaliseReLUGrad()(inputs[0], found[0], *inputs[1:])] + [
            T.grad_not_implemented(self, place, inputs[place])
            for place in (1, 2, 3)]


class NormaliseReLUGrad(CompiledOp):
    """x, g (n, c, h, w), mean, factor, shift (c,) -> the gradient of x."""

    __props__ = ()
    kernels = 'batch_norm'
    function = 'normalise_relu_grad'

    def make_node(self, x, g, *channels):
        found = variables(self, ('x', 'g', 'mean', 'factor', 'shift'),
                          (x, g, *channels), (4, 4, 1, 1, 1))
        return Apply(self, found, [images(found[0].dtype)])

    def twin(self, x, g, *channels):
        check_channels(x, *channels)
        check_shape('gradient', g, x.shape)
        mean, factor, shift = map(wide, channels)
        return [np.where(normalised(x, mean, factor, shift) > 0, g, 0)
                .astype(x.dtype) * factor]

    def infer_shape(self, node, shapes):
        return shapes[:1]


class BatchNormReLU(CompiledOp):
    """ReLU(z), z x normalised by its own statistics, scaled and shifted.

    x (n, c, h, w), scale, shift (c,), epsilon, momentum (scalars), running
    mean and variance (c,) -> y, as x, the batch's mean, 1 / sqrt(variance +
    epsilon), and the running mean and (unbiased) variance after it, all (c,).
    """

    __props__ = ()
    kernels = 'batch_norm'
    function = 'batch_norm_relu'
    results = 5

    def make_node(self, *inputs):
        found = variables(
            self, ('x', 'scale', 'shift', 'epsilon', 'momentum', 'running '
                   'mean', 'running variance'), inputs, (4, 1, 1, 0, 0, 1, 1))
        dtype = found[0].dtype
        return Apply(self, found, [images(dtype)] + [
            T.vector(dtype=dtype) for _ in range(4)])

    def twin(self, x, scale, shift, epsilon, momentum, running, variance):
        check_channels(x, scale, shift, running, variance)
        mean = x.mean(AXES, dtype=np.float64)
        spread = x.var(AXES, dtype=np.float64)
        inverse = 1 / np.sqrt(spread + epsilon)
        count = x.size // x.shape[1]
        y = relu(normalised(x, wide(mean), wide(scale * inverse),
                            wide(shift)))
        return [result.astype(x.dtype) for result in (
            y, mean, inverse, (1 - momentum) * running + momentum * mean,
            (1 - momentum) * variance
            + momentum * spread * count / (count - 1))]

    def infer_shape(self, node, shapes):
        return shapes[:1] + [shapes[1]] * 4


class BatchNormReLUGrad(CompiledOp):
    """x, g (n, c, h, w), scale, shift, mean, inverse (c,), perhaps images ->
    the gradients of x, with these images `added` to it, of scale and shift.

    Mean and inverse are the second and third of what BatchNormReLU returns.
    """

    __props__ = ('added',)
    kernels = 'batch_norm'
    function = 'batch_norm_relu_grad'
    results = 3

    def __init__(self, added=False):
        self.added = bool(added)

    def make_node(self, *inputs):
        names = ['x', 'g', 'scale', 'shift', 'mean', 'inverse', 'added']
        ranks = (4, 4, 1, 1, 1, 1, 4)[:6 + self.added]
        if len(inputs) != len(ranks):
            raise TypeError('%s: expected %d inputs, got %d'
                            % (self, len(ranks), len(inputs)))
        found = variables(self, names, inputs, ranks)
        dtype = found[0].dtype
        return Apply(self, found, [images(dtype)] + [
            T.vector(dtype=dtype) for _ in range(2)])

    def arrays(self, inputs):
        return inputs + ['NULL'] * (not self.added)

    def twin(self, x, g, scale, shift, mean, inverse, *added):
        check_channels(x, scale, shift, mean, inverse)
        check_shape('gradient', g, x.shape)
        unit = normalised(x.astype(np.float64), wide(mean), wide(inverse), 0)
        factor = wide(scale * inverse)
        gz = np.where(normalised(x, wide(mean), factor, wide(shift)) > 0,
                      g, 0)
        gx = factor * (gz - gz.mean(AXES, keepdims=True) - unit * (
            gz * unit).mean(AXES, keepdims=True))
        for images_too in added:
            check_shape('added', images_too, x.shape)
            gx = gx + images_too
        return [result.astype(x.dtype) for result in (
            gx, (gz * unit).sum(AXES), gz.sum(AXES, dtype=np.float64))]

    def infer_shape(self, node, shapes):
        return [shapes[0], shapes[2], shapes[2]]


def wide(values):
    """Values (c,) as they go with images."""
    return values[:, None, None]


def relu(z):
    """max(z, 0), of NaN NaN."""
    return np.maximum(z, 0)


def check_channels(x, *arrays):
    """Raise as the C++ does."""
    for array in arrays:
        check_shape('numbers of channels', array, x.shape[1:2])


@functools.lru_cache(maxsize=None)
def training(dtype):
    """Theano's batch norm and a ReLU, and their gradients, as graphs.

    inputs, of BatchNormReLU, but each number of a channel (1, c, 1, 1);
    statistics, what there is beside the result; gradient, of the result, and
    gx, what comes of it.
    """
    x = images(dtype)
    scale, shift, mean, variance = [channels(dtype) for _ in range(4)]
    epsilon, momentum = [T.scalar(dtype=dtype) for _ in range(2)]
    inputs = [x, scale, shift, epsilon, momentum, mean, variance]
    z, *statistics = AbstractBatchNormTrain(AXES)(*inputs)
    result = rectified(z)
    gradient, (gx,) = gradients(result, (x,))
    return SimpleNamespace(inputs=inputs, result=result, gradient=gradient,
                           gx=gx, statistics=statistics)


@functools.lru_cache(maxsize=None)
def testing(dtype):
    """The same of numbers that are given, whose gradients nobody asks for."""
    inputs = [images(dtype)] + [channels(dtype) for _ in range(3)]
    result = rectified(normalised(*inputs))
    gradient, (gx,) = gradients(result, inputs[:1])
    return SimpleNamespace(inputs=inputs, result=result, gradient=gradient,
                           gx=gx)


def channels(dtype):
    """A new variable (1, c, 1, 1)."""
    return T.TensorType(dtype, (True, False, True, True))()


class FuseBatchNorm(Fusion):
    """Normalisation and ReLU, and their gradients, become one each.

    Whoever asks for what lies between still gets it of Theano.
    """

    def apply(self, fgraph):
        for dtype in ('float32', 'float64'):
            for graphs, fuse in ((training(dtype), fuse_training),
                                 (testing(dtype), fuse_testing)):
                for found in list(matches(graphs.result, fgraph)):
                    fgraph.replace_all_validate(
                        list(fuse(fgraph, graphs, found)),
                        reason='batch_norm')


def fuse_training(fgraph, graphs, found):
    """Pairs of what is replaced and what replaces it."""
    x, scale, shift, epsilon, momentum, mean, variance = [
        found[variable] for variable in graphs.inputs]
    scale, shift, mean, variance = [
        values.dimshuffle(1) for values in (scale, shift, mean, variance)]
    y, *statistics = BatchNormReLU()(x, scale, shift, epsilon, momentum,
                                     mean, variance)
    yield found[graphs.result], y
    node = found[graphs.result].owner.inputs[0].owner
    for old, new in zip(node.outputs[1:], statistics):
        yield old, spread(new)
    for bound in matches(graphs.gx, fgraph, found):
        gx, *others = BatchNormReLUGrad()(
            x, bound[graphs.gradient], scale, shift, *statistics[:2])
        yield bound[graphs.gx], gx
        for old, new in zip(bound[graphs.gx].owner.outputs[1:], others):
            yield old, spread(new)


def fuse_testing(fgraph, graphs, found):
    """The same."""
    x, *values = [found[variable] for variable in graphs.inputs]
    values = [value.dimshuffle(1) for value in values]
    yield found[graphs.result], NormaliseReLU()(x, *values)
    for bound in matches(graphs.gx, fgraph, found):
        yield bound[graphs.gx], NormaliseReLUGrad()(
            x, bound[graphs.gradient], *values)


def spread(values):
    """Values (c,), a variable, as (1, c, 1, 1)."""
    return values.dimshuffle('x', 0, 'x', 'x')


#: One operation of each library, to build it by.
OPERATIONS = (BatchNormReLU(),)

optdb.register('batch_norm', FuseBatchNorm(), POSITION)
