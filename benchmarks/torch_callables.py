"""The same network and attack functions in PyTorch, for comparison."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from saliency.callables import Callables

CHUNK = 1024  # probes made on a GPU at once, as ours


def torch_callables(model, channels_last=False, device='cpu'):
    """Callables, float32, of a model's weights at T' = 1.

    Parameters
    ----------
    model : storage.model_file.Model
    channels_last : bool
        The layout of images and filters in memory.
    device : str or torch.device
        Where it computes; on a GPU, probes are made there.
    """
    layout = (torch.channels_last if channels_last
              else torch.contiguous_format)
    logits = network().to(device, memory_format=layout).eval()
    for parameter, array in zip(logits.parameters(), model.weights.values()):
        parameter.data.copy_(tensor(array))
    logits.requires_grad_(False)

    def load(x):
        return torch.from_numpy(x).to(device, memory_format=layout)

    def values(x):
        with torch.inference_mode():
            return logits(load(x)).cpu().numpy()

    def of_logits(function):
        def ask(z, y):
            with torch.inference_mode():
                return function(torch.as_tensor(z, device=device),
                                torch.as_tensor(y, device=device)
                                ).cpu().numpy()
        return ask

    def slope(function):
        def ask(x, y):
            images = load(x).requires_grad_()
            labels = torch.as_tensor(y, device=device)
            total = function(logits(images), labels).sum()
            gradient, = torch.autograd.grad(total, images)
            return gradient.contiguous().cpu().numpy()
        return ask

    def probe_logits(x, owners, pixels, values):
        images = torch.as_tensor(x, device=device).flatten(1)
        parts = []
        with torch.inference_mode():
            for start in range(0, len(owners), CHUNK):
                part = slice(start, start + CHUNK)
                owner, pixel, value = (
                    torch.as_tensor(array[part], device=device)
                    for array in (owners, pixels, values))
                here = torch.arange(images.shape[1],
                                    device=device) == pixel[:, None]
                probes = torch.where(here, value[:, None], images[owner])
                parts.append(logits(probes.reshape((-1,) + x.shape[1:])))
            return torch.cat(parts)

    return Callables(values, of_logits(cross_entropy), slope(cross_entropy),
                     of_logits(log_odds), slope(log_odds),
                     np.dtype(np.float32),
                     None if str(device) == 'cpu' else probe_logits)


def network():
    """Table 1 of Song 2017, with fresh weights."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(),
        nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(),
        nn.Conv2d(64, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Dropout(), nn.Linear(1024, 200), nn.ReLU(), nn.Dropout(),
        nn.Linear(200, 200), nn.ReLU(), nn.Dropout(), nn.Linear(200, 10))


def tensor(array):
    """A weight as PyTorch has it: filters unflipped, matrices turned."""
    if array.ndim == 4:
        array = array[:, :, ::-1, ::-1]
    if array.ndim == 2:
        array = array.T
    return torch.from_numpy(np.ascontiguousarray(array, np.float32))


def cross_entropy(logits, labels):
    """-log p_y, (n,)."""
    return functional.cross_entropy(logits, labels, reduction='none')


def log_odds(logits, labels):
    """u, (n,)."""
    own = functional.one_hot(labels, logits.shape[1]).bool()
    rest = logits.masked_fill(own, -torch.inf)
    return torch.logsumexp(rest, 1) - logits[own]
