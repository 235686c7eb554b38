"""Small classifiers in NumPy whose every row depends on that row only.

BLAS may sum in another order for another batch; the loops here do not, so
tests can ask for equality to the last bit at any batch size.
"""

import numpy as np

from saliency.callables import Callables


def dense(x, weights):
    """x @ weights for (n, d) and (d, k), summed over d in order."""
    total = np.zeros((len(x), weights.shape[1]), x.dtype)
    for row in range(weights.shape[0]):
        total += x[:, row, None] * weights[row]
    return total


def softmax_gradient(z, y):
    """d loss / d z = p - [j = y], (n, k), formed as a graph forms it."""
    gradient = softmax(z)
    gradient[np.arange(len(z)), y] -= 1
    return gradient


def softmax(z):
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def log_odds(z, y):
    """u = logsumexp_{j != y} z_j - z_y, (n,), in the dtype of z."""
    rows = np.arange(len(z))
    rest = others(z, y)
    top = rest.max(axis=1)
    total = np.exp(rest - top[:, None]).sum(axis=1)
    return top + np.log(total) - z[rows, y]


def log_odds_gradient(z, y):
    """du/dz: softmax over the others, and -1 for the label, (n, k)."""
    gradient = softmax(others(z, y))
    gradient[np.arange(len(z)), y] = -1
    return gradient


def others(z, y):
    z = z.copy()
    z[np.arange(len(z)), y] = -np.inf
    return z


def classifier(scores, pull_back, dtype):
    """Callables of z = scores(x) and its chain rule pull_back(x, dz)."""
    def loss(z, y):
        with np.errstate(divide='ignore'):  # -log 0 = inf, as in a graph
            return -np.log(softmax(z)[np.arange(len(z)), y])

    return Callables(
        scores, loss,
        lambda x, y: pull_back(x, softmax_gradient(scores(x), y)), log_odds,
        lambda x, y: pull_back(x, log_odds_gradient(scores(x), y)),
        np.dtype(dtype))


def linear_model(weights, dtype=np.float64):
    """Softmax of x W; weights (P, k)."""
    weights = weights.astype(dtype)
    return classifier(
        lambda x: dense(x.reshape(len(x), -1), weights),
        lambda x, dz: dense(dz, weights.T).reshape(x.shape), dtype)


def relu_model(first, second, dtype=np.float64):
    """Softmax of max(x V, 0) W; first (P, h), second (h, k)."""
    first, second = first.astype(dtype), second.astype(dtype)

    def hidden(x):
        return dense(x.reshape(len(x), -1), first)

    def pull_back(x, dz):
        back = dense(dz, second.T) * (hidden(x) > 0)
        return dense(back, first.T).reshape(x.shape)

    return classifier(lambda x: dense(np.maximum(hidden(x), 0), second),
                      pull_back, dtype)


def random_weights(rng, pixels=36, hidden=12, classes=10, scale=1.):
    """(pixels, hidden) and (hidden, classes), logits growing with scale."""
    first = rng.normal(size=(pixels, hidden)) / np.sqrt(pixels)
    second = scale * rng.normal(size=(hidden, classes))
    return first, second


def random_images(rng, count, side=6, dtype=np.float64):
    """Stroke-like: half black, the rest in 256ths, none above 255/256."""
    x = rng.integers(0, 256, (count, 1, side, side)) / 256
    return (x * (rng.random(x.shape) < 0.5)).astype(dtype)


def random_task(rng, count=12, scale=3., dtype=np.float64, side=6):
    """A ReLU net, images, and labels that are its own but for a few."""
    model = relu_model(*random_weights(rng, side * side, scale=scale),
                       dtype=dtype)
    x = random_images(rng, count, side, dtype)
    y = model.predict(x)
    y[::5] = (y[::5] + 1) % 10
    return model, x, y


def quantised(model, grid):
    """The model with losses, log-odds and gradients on a coarse grid."""
    def rounded(function):
        def on_grid(x, y):
            value = function(x, y)
            return (np.round(value / grid) * grid).astype(value.dtype)
        return on_grid

    return model._replace(
        loss_of=rounded(model.loss_of), gradient=rounded(model.gradient),
        log_odds_of=rounded(model.log_odds_of),
        log_odds_gradient=rounded(model.log_odds_gradient))
