"""Which digits are recorded: of every class, ones all models classify well."""

import numpy as np

import data
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


def choose(functions, samples, plan):
    """The first samples of each class that all models classify correctly.

    As many as the plan's `digits`, else the first of the others as well:
    rows (n,) int, class by class. All samples where `digits` is None.
    """
    if plan['digits'] is None:
        return np.arange(len(samples.index))
    correct = np.all([in_batches(
        model.predict, plan['batch'], data.scale(samples.images, model.dtype)
    ) == samples.labels for model in functions.values()], axis=0)   # (c,)
    rows = []
    for digit in np.unique(samples.labels):
        own = np.flatnonzero(samples.labels == digit)
        rows.append(own[np.argsort(~correct[own], kind='stable')][
            :plan['digits']])
    return np.concatenate(rows)
