"""Block files: what a killed run has finished is not done again."""

import os

from errors import UserError
from storage.atomic import write_npz
from storage.identity import digest
from storage.model_file import read_npz


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
