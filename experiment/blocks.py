"""Blocks of samples: what a killed run has finished is not done again."""

import os

import numpy as np

from atomic import write_npz
from errors import UserError
from experiment.identity import digest
from experiment.packing import pack
from network.model_file import read_npz
from saliency.attack import attack

#: Samples a block, by algorithm: some seconds of work, so little is lost.
SIZES = {1: 100, 2: 50, 3: 100, 4: 10}


class Folder:
    """The block files of one run, under names that tell all inputs.

    Parameters
    ----------
    path : str
    inputs : JSON-ready
        Everything that the blocks' contents depend on but the samples.
    """

    def __init__(self, path, inputs):
        self.path = path
        self.inputs = inputs

    def get(self, kind, compute, indices):
        """Arrays of the samples `indices`: read, or computed and written.

        Parameters
        ----------
        kind : str
            What the arrays are, the beginning of the file's name.
        compute : callable
            () -> dict of str to array.
        indices : (n,) int
        """
        key = digest([self.inputs, indices.tolist()])
        path = os.path.join(self.path, '%s-%s.npz' % (kind, key))
        if os.path.exists(path):
            try:
                return read_npz(path)
            except UserError:
                os.unlink(path)  # damaged: the samples are attacked again
        arrays = compute()
        write_npz(path, arrays)
        return arrays


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
    folder : Folder
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
