"""Importing Theano and Lasagne 0.1, and mending both.

Theano's cache of compiled modules is made safe where processes share it: a
module's key file would be written in place, so that another process which
reads it half-written takes the module for broken and deletes it; and where a
module is gone, whoever cleaned up, Theano would stop or go on with a graph
less optimised, although it could compile it once more.
"""

import contextlib
import functools
import importlib.metadata
import os
import pickle
import sys
import tempfile
import traceback
import types
import warnings

from environment import compile_lock
from environment.theano_flags import escaped_names, files
from environment.toolchain import INSTALL
from errors import UserError
from mishaps import ran_out
from storage.atomic import atomic_file


def import_theano():
    """Import Theano, and mend its cache."""
    compile_lock.install()
    with readable_variables(), importing('Theano'):
        import theano
        from theano.gof import cmodule
    cmodule.KeyData.save_pkl = save_key
    cmodule.ModuleCache.module_from_key = once_more(
        cmodule.ModuleCache.module_from_key)
    return theano


def save_key(key_data):
    """Write a module's keys, wholly or not at all.

    A pickle.PicklingError if they cannot be kept; there is no file then.
    """
    try:
        content = pickle.dumps(key_data, protocol=pickle.HIGHEST_PROTOCOL)
    except pickle.PicklingError:
        if os.path.exists(key_data.key_pkl):
            os.unlink(key_data.key_pkl)
        raise
    # A folder that is gone stays so: the caller compiles once more.
    if not os.path.isdir(os.path.dirname(key_data.key_pkl)):
        raise FileNotFoundError(key_data.key_pkl)
    with atomic_file(key_data.key_pkl) as stream:
        stream.write(content)


def once_more(module_from_key):
    """Theano's look into its cache, repeated where files were gone."""
    @functools.wraps(module_from_key)
    def patient(self, *args, **kwargs):
        try:
            return module_from_key(self, *args, **kwargs)
        except (FileNotFoundError, ImportError):
            self.refresh(cleanup=False)    # forgets what is gone
            return module_from_key(self, *args, **kwargs)

    return patient


@contextlib.contextmanager
def readable_variables():
    """Variables as Theano can read them, for the time being.

    It takes a % in some for the beginning of a name (`escaped_names`), and
    wants a home, for a default that is never used here.
    """
    tempfile.gettempdir()         # remembered, before TMPDIR says otherwise
    before = dict(os.environ)
    os.environ.update({name: value for name, value in escaped_names().items()
                       if '%' in value})
    os.environ.setdefault('HOME', os.path.expanduser('~'))
    try:
        yield
    finally:
        for name in ('HOME', *escaped_names()):
            if name in before:
                os.environ[name] = before[name]
            else:
                os.environ.pop(name, None)


@contextlib.contextmanager
def importing(name):
    """A library's import, whose own mishaps become one line."""
    try:
        with package_versions():
            yield
    except Exception as error:
        if ran_out(error):    # nothing that an installation would mend
            raise
        remedy = 'install the tested set, see ' + INSTALL
        if any(frame.filename.endswith(
                os.path.join('theano', 'configparser.py'))
               for frame in traceback.extract_tb(error.__traceback__)):
            remedy = 'mend its settings in THEANO_FLAGS or %s' % files()
        reason = (str(error).strip().splitlines() or [repr(error)])[0]
        raise UserError('%s does not import (%s: %s): %s' % (
            name, type(error).__name__, reason, remedy)) from error


@contextlib.contextmanager
def package_versions():
    """A stand-in for pkg_resources, which setuptools has no longer.

    Lasagne asks it for its own version, Theano's part for GPUs for an
    exception's name. It goes again, as other packages want the real one.
    """
    if 'pkg_resources' in sys.modules:
        yield
        return
    alias = types.ModuleType('pkg_resources')
    alias.get_distribution = importlib.metadata.distribution
    alias.DistributionNotFound = importlib.metadata.PackageNotFoundError
    sys.modules[alias.__name__] = alias
    try:
        yield
    finally:
        del sys.modules[alias.__name__]


def import_lasagne():
    """Import Lasagne 0.1 with the modules that it wants.

    Theano dropped one after 0.8. Both libraries are frozen, so the one
    deprecation that Lasagne's convolution still causes will never be mended:
    it is not shown.
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
    with importing('Lasagne'):
        import lasagne  # noqa: F401
