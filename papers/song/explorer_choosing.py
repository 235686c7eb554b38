"""Which digits are recorded: of every class, ones all models classify well."""

import numpy as np

from attacks.batches import in_batches

#: Samples looked at for each one that is wanted.
CANDIDATES = 10


def candidates(labels, each, seed):
    """Test samples to choose from: some of every class, in random order.

    Parameters
    ----------
    labels : (n,) int
        Of the whole test set.
    each : int
        Samples wanted a class.
    seed : int

    Returns
    -------
    (c,) int
        Class by class.
    """
    shuffled = np.random.RandomState(seed).permutation(len(labels))
    return np.concatenate([
        shuffled[labels[shuffled] == digit][:CANDIDATES * each]
        for digit in np.unique(labels)])


def choose(predicts, x, y, each, batch=1024):
    """The first samples of each class that all models classify correctly.

    Where these are too few, the first of the others as well.

    Parameters
    ----------
    predicts : list of callable
        Images to classes, a model each.
    x : (c, 1, 28, 28) float
    y : (c,) int
    each, batch : int

    Returns
    -------
    (n,) int
        Rows of x, class by class.
    """
    correct = np.all([in_batches(predict, batch, x) == y
                      for predict in predicts], axis=0)     # (c,)
    rows = []
    for digit in np.unique(y):
        own = np.flatnonzero(y == digit)
        rows.append(own[np.argsort(~correct[own], kind='stable')][:each])
    return np.concatenate(rows)
