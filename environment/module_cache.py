"""Theano's cache of compiled modules, safe where processes share it.

Two faults of Theano 1.0.5 are mended here. It writes a module's key file in
place, so that another process which reads it half-written takes the module
for broken and deletes it. And where a module is gone, whoever cleaned up,
Theano stops or goes on with a graph less optimised, although it could
compile it once more.
"""

import functools
import os
import pickle

from storage.atomic import atomic_file


def mend(cmodule):
    """Mend the module theano.gof.cmodule, once imported."""
    cmodule.KeyData.save_pkl = save_key
    cmodule.ModuleCache.module_from_key = once_more(
        cmodule.ModuleCache.module_from_key)


def save_key(key_data):
    """Write a module's keys, wholly or not at all.

    Parameters
    ----------
    key_data : theano.gof.cmodule.KeyData

    Raises
    ------
    pickle.PicklingError
        Of keys that cannot be kept; there is no file then.
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
