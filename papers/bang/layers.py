"""What Caffe's networks have and Lasagne 0.1 has not."""

import lasagne
import numpy as np
from lasagne.layers import Layer


class ScaleLayer(Layer):
    """Multiplies by a number."""

    def __init__(self, incoming, factor, **kwargs):
        super().__init__(incoming, **kwargs)
        self.factor = factor

    def get_output_for(self, input, **kwargs):
        return input * np.asarray(self.factor, input.dtype)


class MeanLayer(Layer):
    """Subtracts a mean image that belongs to the network, but is not trained.

    Attributes
    ----------
    mean : theano shared variable (channels, height, width)
        0 until it is set; '<name>' among the network's arrays.
    """

    def __init__(self, incoming, **kwargs):
        super().__init__(incoming, **kwargs)
        self.mean = self.add_param(
            lasagne.init.Constant(0.), self.input_shape[1:], name='image',
            trainable=False, regularizable=False)

    def get_output_for(self, input, **kwargs):
        return input - self.mean.dimshuffle('x', 0, 1, 2)


class Xavier(lasagne.init.Initializer):
    """Caffe's filler of that name: uniform within ± sqrt(3 / fan-in).

    Glorot and Bengio's, which Lasagne has, takes 6 / (fan-in + fan-out).
    """

    def sample(self, shape):
        # (units in, units out) of dense layers, (filters, channels, rows,
        # columns) of convolutions.
        fan_in = shape[0] if len(shape) == 2 else np.prod(shape[1:])
        return lasagne.init.Uniform(np.sqrt(3. / fan_in)).sample(shape)
