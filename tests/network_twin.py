"""The network of Song 2017 in NumPy, written for clarity, not for speed."""

import numpy as np


def convolve(images, weights, biases):
    """Valid convolution, flipped filters as Theano has them, and ReLU."""
    flipped = weights[:, :, ::-1, ::-1]                  # (f, c, 3, 3)
    height, width = images.shape[2] - 2, images.shape[3] - 2
    total = np.zeros((len(images), len(weights), height, width))
    for row in range(3):
        for column in range(3):
            window = images[:, :, row:row + height, column:column + width]
            total += np.einsum('nchw,fc->nfhw', window,
                               flipped[:, :, row, column])
    return np.maximum(total + biases[:, None, None], 0)


def pool(images):
    """2 x 2 max-pooling."""
    n, channels, height, width = images.shape
    windows = images.reshape(n, channels, height // 2, 2, width // 2, 2)
    return windows.max(axis=(3, 5))


def logits(images, weights):
    """z (n, 10) of images (n, 1, 28, 28), dropout off."""
    layer = images
    for name in ('conv1', 'conv2', 'pool', 'conv3', 'conv4', 'pool'):
        layer = pool(layer) if name == 'pool' else convolve(
            layer, weights[name + '.W'], weights[name + '.b'])
    layer = layer.reshape(len(layer), -1)
    for name in ('dense1', 'dense2'):
        layer = np.maximum(layer @ weights[name + '.W']
                           + weights[name + '.b'], 0)
    return layer @ weights['dense3.W'] + weights['dense3.b']


def softmax(scores, temperature):
    """Section 4, equation 2."""
    powers = np.exp(scores / temperature
                    - (scores / temperature).max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
