"""The arithmetics that a model is attacked in, and what computes them."""

import numpy as np

from errors import UserError
from papers.song.attack_options import ARITHMETICS

#: By the floatX that they compute in. Log-odds needs no more than float32.
FLOATX = {'float32': ('float32', 'logodds'), 'float64': ('float64',)}


def in_order(asked):
    """The arithmetics asked for, each once, in the order of the tables."""
    return [name for name in ARITHMETICS if name in asked]


def by_floatX(asked, test_temperature):
    """The arithmetics asked for by floatX, which has to hold T'."""
    found = {floatX: [name for name in in_order(asked) if name in own]
             for floatX, own in FLOATX.items() if set(own) & set(asked)}
    for floatX in found:
        low, high = np.finfo(floatX).tiny, np.finfo(floatX).max
        if not low <= test_temperature <= high:
            raise UserError(
                '--test-temperature: expected a number that %s holds, '
                '%.2g to %.2g, got %g' % (floatX, low, high,
                                          test_temperature))
    return found
