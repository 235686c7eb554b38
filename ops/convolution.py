"""Convolution with what follows it in one, by oneDNN.

That is a bias, mostly a ReLU, perhaps 2x2 max-pool; or nothing but a sum with
other images, as in residual networks.

In float32 alone. Images and what comes of them are (n, c, h, w) to whoever
looks, but lie in memory as (n, h, w, c), as oneDNN is fastest with; arrays of
any other order are copied. ReLU, max-pool and mask are those of `bias_relu`.
The twins compute in double precision.
"""

import numpy as np
import theano.tensor as T
from theano.gof import Apply

from environment.directories import passing_name
from environment.toolchain import INSTALL, find_onednn
from errors import UserError
from ops import library
from ops.compiled import CompiledOp, images, variables
from ops.twins import (
    add_bias,
    check_shape,
    pool,
    relu,
    slope,
    spread,
    unpool,
    windows,
)


class OneDNNOp(CompiledOp):
    """What both directions share: the geometry, and oneDNN behind it.

    Parameters
    ----------
    stride, pad : pair of int
        Of rows and columns; as many zeros are added on both sides.
    flip : bool
        Whether filters are turned by half a turn: a true convolution.
    pool : bool
        Whether 2x2 max-pool follows.
    relu : bool
        Whether there is a ReLU. Without, there is no pool, either.
    """

    kernels = 'convolution'

    def __init__(self, stride=(1, 1), pad=(0, 0), flip=True, pool=False,
                 relu=True):
        for name, pair, low in (('stride', stride, 1), ('pad', pad, 0)):
            if len(pair) != 2 or any(
                    int(value) != value or value < low for value in pair):
                raise ValueError('%s: expected two whole numbers of %d or '
                                 'more, got %r' % (name, low, pair))
        self.stride = tuple(int(value) for value in stride)
        self.pad = tuple(int(value) for value in pad)
        self.flip = bool(flip)
        if pool and not relu:
            raise ValueError('expected a pool with relu=True alone')
        self.pool = bool(pool)
        self.relu = bool(relu)

    def library(self):
        found = find_onednn()
        if found is None:
            raise UserError('expected onednn-devel-cpu-gomp and '
                            'onednn-cpu-gomp, found none: see %s' % INSTALL)
        folder = passing_name(found.library)
        return library.build(self.kernels + '.cpp', (
            '-I', found.headers, '-L', folder, '-l:libdnnl.so.3',
            '-Xlinker', '-rpath', '-Xlinker', folder,
            '-DONEDNN="%s"' % found.version))

    def settings(self):
        return ['ConvolutionGeometry{{%d, %d}, {%d, %d}, %d, %d, %d}' % (
            *self.stride, *self.pad, self.flip, self.pool, self.relu)]

    def check_inputs(self, names, values, ranks):
        """Symbolic variables of these ranks and of float32."""
        found = variables(self, names, values, ranks)
        if found[0].dtype != 'float32':
            raise TypeError('%s: expected float32, got %s'
                            % (self, found[0].dtype))
        return found

    def operands(self, x, w):
        """What each of the filters sees of the images; filters turned."""
        return (windows(x, w.shape[2:], self.stride, self.pad),
                self.turned(w))

    def turned(self, w):
        return w[:, :, ::-1, ::-1] if self.flip else w


class ConvolutionBlock(OneDNNOp):
    """x (n, c, h, w), w (f, c, rows, columns), b (f), added -> y, mask.

    Parameters
    ----------
    mask : bool
        Whether there is one, for pooled ones alone: that of
        `bias_relu.BiasReLUPool`.
    bias : bool
        Whether there is b.
    added : bool
        Whether images of y's shape are added, to ones without a ReLU alone.
    """

    __props__ = ('stride', 'pad', 'flip', 'pool', 'mask', 'relu', 'bias',
                 'added')
    function = 'block_forward'
    results = 2

    def __init__(self, stride=(1, 1), pad=(0, 0), flip=True, pool=False,
                 mask=False, relu=True, bias=True, added=False):
        super().__init__(stride, pad, flip, pool, relu)
        if mask and not pool:
            raise ValueError('expected a mask with pool=True alone')
        if added and relu:
            raise ValueError('expected a sum with relu=False alone')
        self.mask = bool(mask)
        self.bias = bool(bias)
        self.added = bool(added)

    def make_node(self, x, w, *others):
        ranks = (4, 4) + (1,) * self.bias + (4,) * self.added
        if 2 + len(others) != len(ranks):
            raise TypeError('%s: expected %d inputs, got %d'
                            % (self, len(ranks), 2 + len(others)))
        names = ['x', 'w'] + ['b'] * self.bias + ['added'] * self.added
        return Apply(self, self.check_inputs(names, (x, w, *others), ranks),
                     [images('float32')] + [images('uint8')] * self.mask)

    def arrays(self, inputs):
        x, w, *others = inputs
        b = [others.pop(0)] if self.bias else ['NULL']
        return [x, w] + b + (others or ['NULL'])

    def twin(self, x, w, *others):
        seen, w = self.operands(x, w)
        z = np.tensordot(seen, w, ((1, 4, 5), (1, 2, 3))).transpose(
            0, 3, 1, 2)
        if self.bias:
            z = add_bias(z, others[0])
        z = z.astype(np.float32)
        if self.added:
            check_shape('added', others[-1], z.shape)
            z = z + others[-1]
        if self.pool:
            return pool(z)
        return [relu(z) if self.relu else z]

    def infer_shape(self, node, shapes):
        x, w = shapes[:2]
        lengths = [(x[2 + k] + 2 * self.pad[k] - w[2 + k]) // self.stride[k]
                   + 1 for k in range(2)]
        return [(x[0], w[0]) + tuple(
            length // 2 if self.pool else length for length in lengths)
            ] * len(node.outputs)

    def grad(self, inputs, gradients):
        geometry = (self.stride, self.pad, self.flip, self.pool)
        saved = ConvolutionBlock(
            *geometry, mask=self.pool, relu=self.relu, bias=self.bias,
            added=self.added)(*inputs, return_list=True)[-1]
        gw, *gb, gx = ConvolutionBlockGrad(
            *geometry, relu=self.relu, bias=self.bias)(
                inputs[0], inputs[1], saved, gradients[0])
        return [gx, gw] + gb + gradients[:1] * self.added


class ConvolutionBlockGrad(OneDNNOp):
    """x, w, saved, g -> gradients of w and b, of x, as asked for.

    Saved is the block's mask if it is pooled, its y if not; without a ReLU,
    anything of that shape. There is no gradient of b without that of w.
    """

    __props__ = ('stride', 'pad', 'flip', 'pool', 'weights', 'images', 'relu',
                 'bias')
    function = 'block_backward'

    def __init__(self, stride=(1, 1), pad=(0, 0), flip=True, pool=False,
                 weights=True, images=True, relu=True, bias=True):
        super().__init__(stride, pad, flip, pool, relu)
        self.weights = bool(weights)
        self.images = bool(images)
        self.bias = bool(bias and weights)

    def make_node(self, x, w, saved, g):
        x, w, g = self.check_inputs('xwg', (x, w, g), (4, 4, 4))
        saved = T.as_tensor_variable(saved)
        expected = 'uint8' if self.pool else 'float32'
        if (saved.ndim, saved.dtype) != (4, expected):
            raise TypeError('%s: expected the block\'s %s, got %s' % (
                self, 'mask' if self.pool else 'y', saved.type))
        return Apply(self, [x, w, saved, g],
                     [images('float32')] * self.weights
                     + [T.vector(dtype='float32')] * self.bias
                     + [images('float32')] * self.images)

    def addresses(self, outputs):
        found = iter(outputs)
        return ['&' + next(found) if asked else 'NULL'
                for asked in (self.weights, self.bias, self.images)]

    def twin(self, x, w, saved, g):
        seen, w = self.operands(x, w)
        size = seen.shape[2:4]
        gz = g
        if self.relu:
            gz = unpool(saved, g, size) if self.pool else slope(saved) * g
        check_shape('saved', gz, (len(x), len(w)) + size)
        results = []
        if self.weights:
            gw = np.tensordot(gz, seen, ((0, 2, 3), (0, 2, 3)))
            results = [self.turned(gw)]
        if self.bias:
            results.append(gz.sum(axis=(0, 2, 3), dtype=float))
        if self.images:
            results.append(spread(gz, w, x.shape, self.stride, self.pad))
        return [result.astype(np.float32) for result in results]

    def infer_shape(self, node, shapes):
        return (shapes[1:2] * self.weights
                + [(shapes[1][0],)] * self.bias + shapes[:1] * self.images)
