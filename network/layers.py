"""Layers that Lasagne 0.1 has not, or not as fast."""

import theano.tensor as T
from lasagne.layers import Conv2DLayer


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
