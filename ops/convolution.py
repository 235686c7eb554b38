"""Convolution, bias, mostly ReLU, perhaps 2x2 max-pool in one, by oneDNN.

In float32 alone. Images and what comes of them are (n, c, h, w) to whoever
looks, but lie in memory as (n, h, w, c), as oneDNN is fastest with; arrays of
any other order are copied. ReLU, max-pool and mask are those of `bias_relu`.
Each `perform` says in NumPy, in double precision, what the C++ does.
"""

import numpy as np
import theano.tensor as T
from theano.gof import Apply

from ops.compiled import images
from ops.onednn import OneDNNOp
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


class ConvolutionBlock(OneDNNOp):
    """x (n, c, h, w), w (f, c, rows, columns), b (f) -> y, mask.

    The mask, for pooled ones alone and only if asked for, is that of
    `bias_relu.BiasReLUPool`.
    """

    __props__ = ('stride', 'pad', 'flip', 'pool', 'mask', 'relu')
    function = 'block_forward'

    def __init__(self, stride=(1, 1), pad=(0, 0), flip=True, pool=False,
                 mask=False, relu=True):
        super().__init__(stride, pad, flip, pool, relu)
        if mask and not pool:
            raise ValueError('expected a mask with pool=True alone')
        self.mask = bool(mask)

    def make_node(self, x, w, b):
        x, w, b = self.check_inputs('xwb', (x, w, b), (4, 4, 1))
        return Apply(self, [x, w, b], [images('float32')]
                     + [images('uint8')] * self.mask)

    def addresses(self, outputs):
        return ['&' + output for output in outputs] + ['NULL'] * (
            2 - len(outputs))

    def perform(self, node, inputs, storage):
        x, w, b = inputs
        seen = windows(x, w.shape[2:], self.stride, self.pad)
        z = np.tensordot(seen, self.turned(w), ((1, 4, 5), (1, 2, 3)))
        z = add_bias(z.transpose(0, 3, 1, 2), b).astype(np.float32)
        results = (pool(z) if self.pool
                   else (relu(z) if self.relu else z,))
        for place, result in zip(storage, results):
            place[0] = result

    def infer_shape(self, node, shapes):
        return [self.result_shape(*shapes[:2])] * len(node.outputs)

    def connection_pattern(self, node):
        return [[True] + [False] * self.mask] * 3

    def grad(self, inputs, gradients):
        geometry = (self.stride, self.pad, self.flip, self.pool)
        saved = ConvolutionBlock(*geometry, mask=self.pool, relu=self.relu)(
            *inputs, return_list=True)[-1]
        gw, gb, gx = ConvolutionBlockGrad(*geometry, relu=self.relu)(
            inputs[0], inputs[1], saved, gradients[0])
        return [gx, gw, gb]


class ConvolutionBlockGrad(OneDNNOp):
    """x, w, saved, g -> gradients of w and b, of x, as asked for.

    Saved is the block's mask if it is pooled, its y if not; without a ReLU,
    anything of that shape.
    """

    __props__ = ('stride', 'pad', 'flip', 'pool', 'weights', 'images', 'relu')
    function = 'block_backward'

    def __init__(self, stride=(1, 1), pad=(0, 0), flip=True, pool=False,
                 weights=True, images=True, relu=True):
        super().__init__(stride, pad, flip, pool, relu)
        self.weights = bool(weights)
        self.images = bool(images)

    def make_node(self, x, w, saved, g):
        x, w, g = self.check_inputs('xwg', (x, w, g), (4, 4, 4))
        saved = T.as_tensor_variable(saved)
        expected = 'uint8' if self.pool else 'float32'
        if (saved.ndim, saved.dtype) != (4, expected):
            raise TypeError('%s: expected the block\'s %s, got %s' % (
                self, 'mask' if self.pool else 'y', saved.type))
        return Apply(self, [x, w, saved, g],
                     [images('float32'), T.vector(dtype='float32')]
                     * self.weights + [images('float32')] * self.images)

    def addresses(self, outputs):
        addresses = ['&' + output for output in outputs]
        if not self.weights:
            addresses = ['NULL', 'NULL'] + addresses
        return addresses + ['NULL'] * (3 - len(addresses))

    def perform(self, node, inputs, storage):
        x, w, saved, g = inputs
        seen = windows(x, w.shape[2:], self.stride, self.pad)
        size = seen.shape[2:4]
        gz = g
        if self.relu:
            gz = unpool(saved, g, size) if self.pool else slope(saved) * g
        check_shape('saved', gz, (len(x), len(w)) + size)
        results = []
        if self.weights:
            gw = np.tensordot(gz, seen, ((0, 2, 3), (0, 2, 3)))
            results = [self.turned(gw), gz.sum(axis=(0, 2, 3), dtype=float)]
        if self.images:
            results.append(spread(gz, self.turned(w), x.shape,
                                  self.stride, self.pad))
        for place, result in zip(storage, results):
            place[0] = result.astype(np.float32)

    def infer_shape(self, node, shapes):
        return ([shapes[1], (shapes[1][0],)] * self.weights
                + [shapes[0]] * self.images)
