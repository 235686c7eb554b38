"""The report's network and rules in NumPy, for clarity, not for speed."""

import batch_norm_twin
import numpy as np
from bang_twin import caffe_pool, relu, windows


def convolve(x, w, stride, divide):
    """Convolution (flipped filters), zeros around; divided if Parseval's."""
    size = w.shape[2]
    pad = size // 2
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    z = np.einsum('ncijhw,fcij->nfhw', windows(x, size, stride),
                  w[:, :, ::-1, ::-1], optimize=True)
    return z / np.sqrt(2 * size * size + 1) if divide else z


def network(x, a, architecture, training):
    """Logits, features and the arrays after, of normalised x, arrays a."""
    after, features, divide = dict(a), [], architecture.parseval

    def rectified(z, name):
        scale, shift, mean, variance = [a[name + '.' + part] for part in (
            'scale', 'shift', 'mean', 'variance')]
        if training:
            after[name + '.mean'], after[name + '.variance'] = (
                batch_norm_twin.moved_statistics(z, mean, variance))
            z = batch_norm_twin.in_training(z, scale, shift, z)[0]
        else:
            z = batch_norm_twin.in_tests(z, scale, shift, mean, variance)
        features.append(relu(z))
        return features[-1]

    x = convolve(x, a['conv.W'], 1, divide)
    if architecture.pool:
        x = caffe_pool(x, 2, 2, np.max)
    for number in range(1, architecture.blocks + 1):
        name = 'block%d.' % number
        stride = 2 if number in (3, 5, 7, 9) else 1
        first = rectified(x, name + 'bn1')
        z = convolve(first, a[name + 'conv1.W'], stride, divide)
        z = convolve(rectified(z, name + 'bn2'), a[name + 'conv2.W'], 1,
                     divide)
        if stride == 2:
            x = convolve(first, a[name + 'shortcut.W'], stride, divide)
        x = (z + x) / 2 if divide else z + x
    features.append(relu(x))
    return (features[-1].mean((2, 3)) @ a['dense.W'] + a['dense.b'],
            features, after)


def smoothness(layer, labels, classes, power):
    """trace(Yᵀ Lᵐ Y) of features (n, ...), pair by pair."""
    n = len(layer)
    rows = layer.reshape(n, -1)
    similarities = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            similarities[i, j] = rows[i] @ rows[j] / (
                max(np.linalg.norm(rows[i]), 1e-12)
                * max(np.linalg.norm(rows[j]), 1e-12))
    laplacian = np.diag(similarities.sum(axis=1)) - similarities
    own = np.eye(classes)[labels]
    return np.trace(own.T @ np.linalg.matrix_power(laplacian, power) @ own)


def penalty(features, labels, classes, gamma, power):
    """γᵐ times the mean step from layer to layer."""
    found = [smoothness(layer, labels, classes, power) for layer in features]
    return gamma ** power * np.mean(np.abs(np.diff(found)))


def project(weights, beta):
    """(1 + β) W - β W Wᵀ W, a row a filter."""
    rows = weights.reshape(len(weights), -1)
    return ((1 + beta) * rows - beta * rows @ rows.T @ rows).reshape(
        weights.shape)
