"""Block files: what a killed run has finished is not done again."""

import os

from errors import UserError
from storage.atomic import write_npz
from storage.identity import digest
from storage.model_file import read_npz


def kept(folder, inputs, kind, compute, indices):
    """Arrays of some samples: read from their file, or computed and written.

    Parameters
    ----------
    folder : str
    inputs : JSON-ready
        Everything that the arrays depend on but the samples: the file's
        name tells both.
    kind : str
        What the arrays are, the beginning of the file's name.
    compute : callable
        () -> dict of str to array.
    indices : (n,) int
        Of the samples.
    """
    key = digest([inputs, indices.tolist()])
    path = os.path.join(folder, '%s-%s.npz' % (kind, key))
    if os.path.exists(path):
        try:
            return read_npz(path)
        except UserError:
            os.unlink(path)  # damaged: the samples are attacked again
    arrays = compute()
    write_npz(path, arrays)
    return arrays
