"""A whole attack as a task that is timed."""

import numpy as np

import data
from saliency.attack import attack

#: Of Algorithm 4, which makes a map a pixel.
LIMITS = {1: 100, 2: 100, 3: 100, 4: 10}


def attack_task(callables, model, count, algorithm):
    """A callable that attacks the first `count` test samples.

    Parameters
    ----------
    callables : saliency.callables.Callables
    model : storage.model_file.Model
        Says which data.
    count, algorithm : int
    """
    test = data.load(model.dataset, None).test
    x = data.scale(test.images[:count], callables.dtype)
    y = test.labels[:count].astype(np.int64)
    return lambda: attack(callables, x, y, np.arange(count), algorithm,
                          LIMITS[algorithm])
