"""Attacks in blocks of samples."""

import numpy as np

from papers.song.packing import pack
from saliency.attack import attack

#: Samples a block, by algorithm: some seconds of work, so little is lost.
SIZES = {1: 100, 2: 50, 3: 100, 4: 10}


def attack_in_blocks(callables, samples, plan, log_odds, folder, tick):
    """Attack all the samples of a plan.

    Parameters
    ----------
    callables : saliency.callables.Callables
    samples : tuple of (n, 1, 28, 28) float, (n,) int, (n,) int
        Images of the callables' dtype, labels and test indices.
    plan : dict
        algorithm, limit, variant, batch: see `saliency.attack`.
    log_odds : bool
    folder : storage.block_files.Folder
    tick : callable
        Told the number of samples done, block by block.

    Returns
    -------
    dict of str to array
        As `packing.pack` makes them, of all the samples.
    """
    parts = []
    size = SIZES[plan['algorithm']]
    for start in range(0, len(samples[0]), size):
        x, y, index = (array[start:start + size] for array in samples)

        def compute(x=x, y=y, index=index):
            return pack(attack(
                callables, x, y, index, plan['algorithm'], plan['limit'],
                plan['variant'], log_odds, plan['batch']))

        parts.append(folder.get('block', compute, index))
        tick(len(x))
    return {name: np.concatenate([part[name] for part in parts])
            for name in parts[0]}
