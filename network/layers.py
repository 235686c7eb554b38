"""Layers and initial weights that Lasagne 0.1 has not, or not as fast."""

import lasagne
import numpy as np
import theano.tensor as T
from lasagne.layers import Conv2DLayer


class FanIn(lasagne.init.Initializer):
    """Weights that are uniform within ± sqrt(gain / fan-in).

    A gain of 3 is Caffe's filler "xavier", 1 what PyTorch begins with. Glorot
    and Bengio's, which Lasagne has, takes 6 / (fan-in + fan-out).
    """

    def __init__(self, gain):
        self.gain = gain

    def sample(self, shape):
        # (units in, units out) of dense layers, (filters, channels, rows,
        # columns) of convolutions.
        fan_in = shape[0] if len(shape) == 2 else np.prod(shape[1:])
        return lasagne.init.Uniform(np.sqrt(self.gain / fan_in)).sample(shape)


class ZeroPaddedConv2DLayer(Conv2DLayer):
    """A convolution to which the zeros around images are told.

    The same as Lasagne's, with `pad` a number or two and a bias for each
    filter or none. Lasagne's copies all images into larger ones first, and
    their gradients back: what convolves knows better which products are 0.
    """

    def filters(self):
        """What images are convolved with; others may make it of W."""
        return self.W

    def get_output_for(self, input, **kwargs):
        z = T.nnet.conv2d(
            input, self.filters(), input_shape=self.input_shape,
            filter_shape=self.get_W_shape(), border_mode=self.pad,
            subsample=self.stride)
        if self.b is not None:
            z = z + self.b.dimshuffle('x', 0, 'x', 'x')
        return self.nonlinearity(z)
