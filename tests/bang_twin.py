"""BANG's networks in NumPy, written for clarity, not for speed."""

import numpy as np


def windows(images, size, stride=1):
    """Views (n, c, size, size, rows, columns) of all whole windows."""
    rows, columns = [(length - size) // stride + 1
                     for length in images.shape[2:]]
    return np.stack([np.stack([
        images[:, :, i:i + stride * (rows - 1) + 1:stride,
               j:j + stride * (columns - 1) + 1:stride]
        for j in range(size)], 2) for i in range(size)], 2)


def convolve(images, weights, biases, pad=0):
    """Convolution, flipped filters as Theano has them; no nonlinearity."""
    images = np.pad(images, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    seen = windows(images, weights.shape[2])
    total = np.einsum('ncijhw,fcij->nfhw', seen,
                      weights[:, :, ::-1, ::-1], optimize=True)
    return total + biases[:, None, None]


def caffe_pool(images, size, stride, reduce):
    """Pools that cover the border: the last windows are what there is."""
    places = [range(0, length - size + stride, stride)
              for length in images.shape[2:]]
    return np.stack([np.stack([
        reduce(images[:, :, i:i + size, j:j + size], axis=(2, 3))
        for j in places[1]], 2) for i in places[0]], 2)


def relu(values):
    """max(0, x)."""
    return np.maximum(values, 0)


def lenet(pixels, a):
    """z (n, 10) of pixels (n, 1, 28, 28) and arrays a, dropout off."""
    x = convolve(pixels / 256, a['conv1.W'], a['conv1.b'])
    x = caffe_pool(x, 2, 2, np.max)
    x = convolve(x, a['conv2.W'], a['conv2.b'])
    x = caffe_pool(x, 2, 2, np.max).reshape(len(x), -1)
    x = relu(x @ a['dense1.W'] + a['dense1.b'])
    return x @ a['dense2.W'] + a['dense2.b']


def cifar_quick(pixels, a):
    """z (n, 10) of pixels (n, 3, 32, 32) and arrays a, dropout off."""
    x = convolve(pixels - a['mean.image'], a['conv1.W'], a['conv1.b'], 2)
    x = relu(caffe_pool(x, 3, 2, np.max))
    x = relu(convolve(x, a['conv2.W'], a['conv2.b'], 2))
    x = caffe_pool(x, 3, 2, np.mean)
    x = relu(convolve(x, a['conv3.W'], a['conv3.b'], 2))
    x = caffe_pool(x, 3, 2, np.mean).reshape(len(x), -1)
    x = x @ a['dense1.W'] + a['dense1.b']
    return x @ a['dense2.W'] + a['dense2.b']


TWINS = {'lenet': lenet, 'cifar-quick': cifar_quick}
