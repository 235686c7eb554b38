"""Importing Theano and making Lasagne 0.1 fit it."""

import sys
import types
import warnings

from environment.memory import ran_out
from environment.versions import INSTALL
from errors import UserError


def import_theano():
    """Import Theano; what goes wrong in there becomes one line."""
    try:
        import theano
    except Exception as error:
        if ran_out(error):     # nothing that another installation would mend
            raise
        reason = (str(error).strip().splitlines() or [repr(error)])[0]
        raise UserError('Theano does not import (%s: %s): install the tested '
                        'set, see %s' % (type(error).__name__, reason, INSTALL)
                        ) from error
    return theano


def adapt_lasagne():
    """Give Lasagne 0.1 the module that Theano dropped after 0.8.

    Both libraries are frozen, so the one deprecation that Lasagne's
    convolution still causes will never be mended: it is not shown.
    """
    import theano.tensor.signal
    from theano.tensor.signal import pool

    def max_pool_2d(images, ds, st, ignore_border, padding, mode):
        return pool.pool_2d(images, ws=ds, stride=st, pad=padding,
                            ignore_border=ignore_border, mode=mode)

    downsample = types.ModuleType('theano.tensor.signal.downsample')
    downsample.max_pool_2d = max_pool_2d
    sys.modules[downsample.__name__] = downsample
    theano.tensor.signal.downsample = downsample
    warnings.filterwarnings(
        'ignore', message='The `image_shape` keyword argument')
