"""Outcomes as small arrays on disk, exact and checked when read."""

import numpy as np

from errors import UserError
from saliency.outcome import Outcome, from_arrays

#: Narrower on disk than in memory; every value fits.
NARROW = {'label': np.uint8, 'clean_prediction': np.uint8,
          'prediction': np.uint8, 'nonzero': np.int16, 'steps': np.int16,
          'changed': np.int16, 'order': np.int16}


def pack(outcome):
    """An Outcome as arrays: instead of images, what was written into them.

    An adversarial image is the original with pixel order[i] := written[i],
    so `written`, (n, limit) uint8, 0 or 1, says it all in 1/30 the space.
    """
    arrays = outcome._asdict()
    images = arrays.pop('adversarial').reshape(len(outcome.index), -1)
    used = np.maximum(outcome.order, 0)  # (n, limit)
    written = np.take_along_axis(images, used, axis=1) == 1
    arrays['written'] = (written & (outcome.order >= 0)).astype(np.uint8)
    for name, dtype in NARROW.items():
        arrays[name] = arrays[name].astype(dtype)
    return arrays


def unpack(arrays, x):
    """The Outcome that `pack` was given.

    Parameters
    ----------
    arrays : dict of str to array
    x : (n, c, h, w) float
        The originals, in the order of the outcome.

    Raises
    ------
    UserError
        If the arrays are not those of such an outcome.
    """
    missing = [name for name in Outcome._fields + ('written',)
               if name not in arrays and name != 'adversarial']
    if missing:
        raise UserError('expected the arrays of an attack, but %s is not '
                        'there: is this its .npz?' % ', '.join(missing))
    fields = {name: arrays[name].astype(np.int64)
              if name in NARROW else arrays[name]
              for name in Outcome._fields if name != 'adversarial'}
    fields['order'] = arrays['order'].astype(np.int32)
    fields['adversarial'] = overwrite(x, arrays['order'], arrays['written'])
    return from_arrays(fields)


def overwrite(x, order, written):
    """Originals with the pixels overwritten that an outcome lists.

    Parameters
    ----------
    x : (n, c, h, w) float
    order : (n, limit) int
        Pixels, -1 for none.
    written : (n, limit) int
        Their new values, 0 or 1.

    Returns
    -------
    (n, c, h, w) float
        New arrays.
    """
    images = x.copy()
    rows, steps = np.nonzero(order >= 0)
    images.reshape(len(x), -1)[rows, order[rows, steps]] = written[
        rows, steps]
    return images
