"""What PyTorch's networks have and Lasagne 0.1 has not."""

import lasagne
import numpy as np
from lasagne.layers import Layer, MaxPool2DLayer

from network.functions import floatX
from network.layers import ZeroPaddedConv2DLayer
from ops.batch_norm import rectified
from ops.max_pool import side_by_side


class NormaliseLayer(Layer):
    """(pixel - mean) / deviation, of every channel; not trained.

    Attributes
    ----------
    mean, deviation : theano shared variables (channels,)
        0 and 1, which change nothing, until they are set.
    """

    def __init__(self, incoming, **kwargs):
        super().__init__(incoming, **kwargs)
        for name, value in (('mean', 0.), ('deviation', 1.)):
            setattr(self, name, self.add_param(
                lasagne.init.Constant(value), self.input_shape[1:2],
                name=name, trainable=False, regularizable=False))

    def get_output_for(self, input, **kwargs):
        mean, deviation = [shared.dimshuffle('x', 0, 'x', 'x')
                           for shared in (self.mean, self.deviation)]
        return (input - mean) / deviation

    def range(self):
        """What black and white pixels become: variables (channels,)."""
        return ((floatX(pixel) - self.mean) / self.deviation
                for pixel in (0, 1))


class ReLULayer(Layer):
    """max(x, 0), of which 0 has no gradient, as in PyTorch."""

    def get_output_for(self, input, **kwargs):
        return rectified(input)


class DividedConv2DLayer(ZeroPaddedConv2DLayer):
    """A convolution whose output is divided by sqrt(2 · rows · columns + 1).

    As in Parseval networks (Cisse et al. 2017), with rows and columns of its
    filters. These are divided instead of the output: they are smaller.
    """

    def filters(self):
        return self.W / floatX(np.sqrt(2 * np.prod(self.filter_size) + 1))


class HalvingMaxPool2DLayer(MaxPool2DLayer):
    """2 x 2 max-pool of which the first maximum gets the gradient.

    As in PyTorch; Theano's goes to every tied maximum, which there are where
    a crop was filled with black. A last odd row or column is left out.
    """

    def __init__(self, incoming, **kwargs):
        super().__init__(incoming, 2, **kwargs)

    def get_output_for(self, input, **kwargs):
        rows, columns = [input.shape[axis] // 2 * 2 for axis in (2, 3)]
        return side_by_side(input[:, :, :rows, :columns])
