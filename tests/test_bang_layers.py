"""Max-pools as Caffe's: values, borders, and who gets the gradient."""

import lasagne
import numpy as np
import pytest
import theano
import theano.tensor as T

from papers.bang.layers import FirstMaxPool2DLayer

pytestmark = pytest.mark.compiled


def caffe_pool(x, size, stride):
    """Values, and the place (n, c, rows, columns, 2) of each maximum."""
    n, c, height, width = x.shape
    rows, columns = (-(-(side - size) // stride) + 1
                     for side in (height, width))
    values = np.full((n, c, rows, columns), -np.inf)
    places = np.zeros(values.shape + (2,), int)
    for at in np.ndindex(*values.shape):
        top, left = at[2] * stride, at[3] * stride
        for i in range(top, min(top + size, height)):
            for j in range(left, min(left + size, width)):
                if x[at[:2] + (i, j)] > values[at]:
                    values[at], places[at] = x[at[:2] + (i, j)], (i, j)
    return values, places


def compiled(size, stride, shape):
    """Value, and gradient of the sum weighted by an array."""
    images, weights = T.tensor4(), T.tensor4()
    layer = FirstMaxPool2DLayer(
        lasagne.layers.InputLayer((None,) + shape, images), size,
        stride=stride, ignore_border=False)
    pooled = lasagne.layers.get_output(layer)
    return theano.function([images, weights], [pooled, T.grad(
        T.sum(pooled * weights), images)], mode='FAST_COMPILE')


@pytest.mark.parametrize('size, stride, shape', [
    (2, 2, (2, 6, 4)), (3, 2, (2, 8, 8)), (3, 2, (1, 7, 8))])
def test_values_and_gradients_with_many_ties(size, stride, shape):
    generator = np.random.RandomState(0)
    x = generator.randint(-2, 2, (3,) + shape).astype(float)
    expected, places = caffe_pool(x, size, stride)
    weights = generator.randn(*expected.shape)
    gradient = np.zeros_like(x)
    for at in np.ndindex(*expected.shape):
        gradient[at[:2] + tuple(places[at])] += weights[at]
    found = compiled(size, stride, shape)(x, weights)
    np.testing.assert_array_equal(found[0], expected)
    np.testing.assert_allclose(found[1], gradient)
