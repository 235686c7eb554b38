"""pygpu and libgpuarray, which no package index has."""

import importlib.machinery
import importlib.util
import sys

from environment.toolchain import link
from errors import UserError

#: Where Debian's python3-pygpu lies: beside Debian's NumPy and more, which
#: must not come into a virtual environment.
DEBIAN = '/usr/lib/python3/dist-packages'
INSTALL = ('on Debian 12, with its Python 3.11: apt install libgpuarray-dev '
           'python3-pygpu; docs/machine.md, "On a GPU"')
PROGRAM = '#include <gpuarray/buffer.h>\n'


class DebianFinder:
    """Finds pygpu where Debian puts it, and nothing else there."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        """The spec of pygpu itself; its submodules follow from that."""
        if name != 'pygpu':
            return None
        return importlib.machinery.PathFinder.find_spec(name, [DEBIAN])


def find_pygpu(compiler):
    """Make pygpu importable, and see that Theano can compile against it.

    Parameters
    ----------
    compiler : str
        Path of the C++ compiler.

    Raises
    ------
    UserError
        If pygpu, its templates' package or libgpuarray's headers are
        missing.
    """
    if (importlib.util.find_spec('pygpu') is None
            and DebianFinder not in sys.meta_path):
        sys.meta_path.append(DebianFinder)
    if importlib.util.find_spec('pygpu') is None:
        raise UserError('expected pygpu 0.7.6, found none: ' + INSTALL)
    try:
        importlib.import_module('pygpu')
    except ImportError as error:
        raise UserError('pygpu does not import (%s): it must be built for '
                        'this Python %d.%d, and wants mako: %s' % (
                            (error,) + sys.version_info[:2] + (INSTALL,))
                        ) from None
    complaint = link(compiler, '/dev/null', '-lgpuarray', code=PROGRAM)
    if complaint:
        raise UserError('expected libgpuarray and its headers, but %s cannot '
                        'use them (%s): %s' % (compiler, complaint[0],
                                               INSTALL))
