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


TWINS = {'lenet': lenet, 'cifar-quick': cifar_quick,
         'cifar-quick-100': cifar_quick}


def unpool(images, gradient):
    """Gradient of a 2 x 2 max-pool that covers all of the image."""
    pooled = caffe_pool(images, 2, 2, np.max)
    wide, spread = [array.repeat(2, 2).repeat(2, 3)
                    for array in (pooled, gradient)]
    return np.where(images == wide, spread, 0)


def convolution_gradients(images, weights, gradient):
    """Gradients of the images, the weights and the biases."""
    size = weights.shape[2]
    seen = windows(images, size)
    turned = np.einsum('ncijhw,nfhw->fcij', seen, gradient, optimize=True)
    below = np.zeros_like(images)
    rows, columns = gradient.shape[2:]
    for i in range(size):
        for j in range(size):
            below[:, :, i:i + rows, j:j + columns] += np.einsum(
                'nfhw,fc->nchw', gradient, weights[:, :, size - 1 - i,
                                                   size - 1 - j])
    return below, turned[:, :, ::-1, ::-1], gradient.sum(axis=(0, 2, 3))


def errors(z, labels, softmax):
    """κ (n, classes) of float32 logits, of a mean over n."""
    found = np.empty_like(z)
    for row, label, kappa in zip(z, labels, found):
        powers = [np.exp(value - row.max()) for value in row]    # float32
        total = np.float32(0) if softmax == 'caffe' else np.float64(0)
        for power in powers:
            total = total + type(total)(power)
        for k, power in enumerate(powers):
            p = power * (1 / total) if softmax == 'theano' else power / total
            kappa[k] = np.float32(p) - np.float32(k == label)
    return found / np.float32(len(z))


def scales(errors, wrong, epsilon, ratio):
    """η (n,) by the paper's equations, element by element."""
    norms = [np.sqrt(np.sum(np.square(np.float64(error))))
             for error in errors]
    largest = max(norms)
    factors = []
    for norm, misclassified in zip(norms, wrong):
        if norm == 0:
            factors.append(1.)
            continue
        own = epsilon * ratio if misclassified else epsilon
        factors.append((largest / norm) ** (own * (1 - norm / largest)))
    return np.array(factors)


def lenet_gradients(pixels, labels, a, rule=None):
    """Loss (mean) and gradients by name, of LeNet without dropout.

    The rule is (beta, epsilon, ratio); None trains regularly.
    """
    n = len(pixels)
    inputs = {'conv1': pixels / 256}
    z = {'conv1': convolve(inputs['conv1'], a['conv1.W'], a['conv1.b'])}
    inputs['conv2'] = caffe_pool(z['conv1'], 2, 2, np.max)
    z['conv2'] = convolve(inputs['conv2'], a['conv2.W'], a['conv2.b'])
    pooled = caffe_pool(z['conv2'], 2, 2, np.max)
    inputs['dense1'] = pooled.reshape(n, -1)
    z['dense1'] = inputs['dense1'] @ a['dense1.W'] + a['dense1.b']
    inputs['dense2'] = relu(z['dense1'])
    z['dense2'] = inputs['dense2'] @ a['dense2.W'] + a['dense2.b']
    logits = z['dense2']
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = powers / powers.sum(axis=1, keepdims=True)
    own = np.eye(10)[labels]
    loss = -np.log((p * own).sum(axis=1)).mean()
    wrong = logits.argmax(axis=1) != labels

    error = {'dense2': (p - own) / n}
    error['dense1'] = (error['dense2'] @ a['dense2.W'].T) * (z['dense1'] > 0)
    below = (error['dense1'] @ a['dense1.W'].T).reshape(pooled.shape)
    error['conv2'] = unpool(z['conv2'], below)
    below = convolution_gradients(inputs['conv2'], a['conv2.W'],
                                  error['conv2'])[0]
    error['conv1'] = unpool(z['conv1'], below)

    gradients = {}
    for name, errors in error.items():
        if rule is not None:
            beta, epsilon, ratio = rule
            factors = beta * scales(errors, wrong, epsilon, ratio)
            errors = errors * factors.reshape((-1,) + (1,)
                                              * (errors.ndim - 1))
        if name.startswith('conv'):
            _, weights, biases = convolution_gradients(
                inputs[name], a[name + '.W'], errors)
        else:
            weights, biases = inputs[name].T @ errors, errors.sum(axis=0)
        gradients[name + '.W'], gradients[name + '.b'] = weights, biases
    return loss, gradients


def caffe_step(gradients, a, velocities, iteration, bias=2):
    """LeNet's solver: new arrays and velocities by name."""
    rate = .01 * (1 + 1e-4 * iteration) ** -.75
    moved, faster = {}, {}
    for name in a:
        gradient = gradients[name]
        factor = bias if name.endswith('.b') else 1
        faster[name] = .9 * velocities[name] + factor * rate * (
            gradient + .0005 * a[name])
        moved[name] = a[name] - faster[name]
    return moved, faster
