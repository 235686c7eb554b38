"""Batch normalisation (Ioffe and Szegedy 2015), which Lasagne 0.1 has not.

In graphs one operation of Theano's stands for the formula,
AbstractBatchNormTrain, and one for its gradient, until something faster, or
Theano's own formulas, take their place.
"""

import lasagne
import theano.tensor as T
from lasagne.layers import Layer
from theano.tensor.nnet.bn import AbstractBatchNormTrain
from theano.tensor.opt import Assert

from network.functions import floatX
from ops.batch_norm import normalised

#: Added to variances.
EPSILON = 1e-5
#: Of the running statistics, the share that is the newest batch's.
MOMENTUM = .1
_ENOUGH = Assert('batch normalisation: expected two values or more for each '
                 'channel in training, got one: take larger batches')


class BatchNormLayer(Layer):
    """Normalises every channel of (n, c, h, w), or unit of (n, c).

    In training by the batch's own mean and biased variance, in tests
    (`deterministic`) by running ones, which no gradient trains.

    Whoever trains passes `moved` to `lasagne.layers.get_output`, an
    OrderedDict, empty at first: it gets the running statistics' new values,
    as updates of a Theano function. With the same one, further applications
    of the network in the same graph move them one after the other. Without
    one, they stay where they are.

    Attributes
    ----------
    scale, shift, mean, variance : theano shared variables (c,)
        The first two are trained. Running variances are unbiased.
    """

    def __init__(self, incoming, **kwargs):
        super().__init__(incoming, **kwargs)
        for name, value in (('scale', 1.), ('shift', 0.), ('mean', 0.),
                            ('variance', 1.)):
            trained = name in ('scale', 'shift')
            setattr(self, name, self.add_param(
                lasagne.init.Constant(value), self.input_shape[1:2],
                name=name, trainable=trained, regularizable=trained))

    def get_output_for(self, input, deterministic=False, moved=None,
                       **kwargs):
        if deterministic:
            return normalise(input, self.scale, self.shift, self.mean,
                             self.variance)
        if moved is None:
            moved = {}
        normalised, moved[self.mean], moved[self.variance] = batch_norm(
            input, self.scale, self.shift,
            *(moved.get(shared, shared)
              for shared in (self.mean, self.variance)))
        return normalised


def batch_norm(x, scale, shift, mean, variance):
    """Normalise a batch by its own statistics, and move the running ones.

    Parameters
    ----------
    x : theano variable (n, c, h, w) or (n, c)
    scale, shift : theano variables (c,)
        What the normalised values are multiplied by; what is added then.
    mean, variance : theano variables (c,)
        The running ones, before this batch.

    Returns
    -------
    theano variables
        Normalised x, and the running mean and variance after this batch.
        A function that computes any of them raises AssertionError for
        batches with one value a channel, which has no variance.
    """
    axes = tuple(axis for axis in range(x.ndim) if axis != 1)
    enough = T.ge(T.prod(x.shape) // x.shape[1], 2)
    scale, shift, mean, variance = (
        wide(values, x) for values in (scale, shift, mean, variance))
    # Not by Theano's own function, to which 1e-5 in float32 is below 1e-5.
    normalised, _, _, mean, variance = AbstractBatchNormTrain(axes)(
        _ENOUGH(x, enough), scale, shift, floatX(EPSILON), floatX(MOMENTUM),
        mean, variance)
    return normalised, mean.dimshuffle(1), variance.dimshuffle(1)


def normalise(x, scale, shift, mean, variance):
    """Normalise by running statistics; x and the others as in `batch_norm`.

    Returns
    -------
    theano variable of the shape of x
    """
    factor = scale / T.sqrt(variance + floatX(EPSILON))
    return normalised(x, *(wide(values, x)
                           for values in (mean, factor, shift)))


def wide(values, x):
    """Values (c,), a variable, as they go with x."""
    return values.dimshuffle('x', 0, *'x' * (x.ndim - 2))
