"""Compiled functions that take as many rows as the device's memory holds."""

import sys

import numpy as np

from environment.error_kinds import kind_of
from errors import UserError


class Fitting:
    """A function of arrays, batch first, called with as many rows as fit.

    Where the memory does not hold what a call takes, the call is repeated
    with half the rows, and all later calls have no more.

    Parameters
    ----------
    function : callable
        (b, ...) arrays -> (b, ...) array; a row of the result depends on
        its own rows only.
    most : int
        Rows to begin with, at most.
    """

    def __init__(self, function, most=sys.maxsize):
        self.function, self.most = function, most

    def __call__(self, *arrays):
        """The function of all the rows.

        Raises
        ------
        UserError
            If not even one row fits.
        """
        parts, start = [], 0
        while start < len(arrays[0]):
            rows = [array[start:start + self.most] for array in arrays]
            try:
                parts.append(self.function(*rows))
            except Exception as error:
                self.shrink(len(rows[0]), error)
                continue
            start += len(rows[0])
        return join(parts)

    def shrink(self, count, error):
        """Take half of what did not fit, or raise what else it was."""
        if kind_of(error) != 'memory':
            raise error
        if count == 1:
            raise UserError(
                'out of memory: the device does not hold what one image '
                'takes: free some of it (nvidia-smi shows who has it), or '
                'use --device cpu') from error
        self.most = count // 2


def join(parts):
    """One array of several, on whichever side they are."""
    if len(parts) == 1:
        return parts[0]
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    import pygpu
    return pygpu.concatenate(parts)
