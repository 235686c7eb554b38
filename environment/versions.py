"""The versions with which Theano 1.0.5 works."""

import importlib.metadata
import re
import sys

from errors import UserError

INSTALL = 'README, "Install and run"'


def check_versions():
    """Refuse the versions with which Theano 1.0.5 breaks, or worse, crawls.

    Under NumPy 2 it imports, fails to compile any C and silently falls back
    to Python, hundreds of times slower; from 1.24 on it does not import.
    """
    remedy = 'install the tested set, see ' + INSTALL
    if not (3, 8) <= sys.version_info < (3, 12):
        raise UserError('expected CPython 3.8 to 3.11 (Theano 1.0.5 builds '
                        'on no later one), got %s: use one of those'
                        % sys.version.split()[0])
    if sys.flags.optimize > 1:
        raise UserError('expected docstrings, from which Theano makes some '
                        'of its own, got Python\'s -OO: leave it out (or '
                        'PYTHONOPTIMIZE, which says the same)')
    for name in ('numpy', 'scipy', 'Theano', 'Lasagne'):
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            raise UserError('%s is not installed: %s' % (name, remedy)
                            ) from None
        if name == 'numpy' and release(version) >= (1, 24):
            raise UserError('expected numpy < 1.24 (Theano 1.0.5 cannot '
                            'compile against later ones), got %s: %s'
                            % (version, remedy))


def release(version):
    """The leading numbers of a version: '1.23.5' -> (1, 23, 5)."""
    return tuple(int(part) for part in re.findall(r'\d+', version)[:3])
