"""The user's cache, and where Theano's compiled C is kept in it."""

import os
import tempfile

from errors import UserError


def cache_base():
    """The user's cache (XDG base directory specification); None without."""
    base = os.environ.get('XDG_CACHE_HOME', '')
    if not os.path.isabs(base):  # the specification: ignore relative ones
        base = os.path.expanduser(os.path.join('~', '.cache'))
    return base if os.path.isabs(base) else None


def compile_directory():
    """Theano's compile directory."""
    return cache_directory('theano')


def cache_directory(name):
    """A folder for what is compiled: in the user's cache, if that will do.

    Where there is no home, where it is read-only (a container that runs as
    an unknown user) or where its path has blanks (the compiler's flags are
    split at them), a folder of this user's in the temporary one serves.
    """
    base = cache_base()
    folder = base and os.path.join(base, 'song2017', name)
    if folder and ' ' not in folder and make_private(folder):
        return folder
    folder = os.path.join(temporary_directory(), name)
    if make_private(os.path.dirname(folder)) and make_private(folder):
        return folder
    raise UserError('expected a folder for compiled code, %s cannot be '
                    'written or is another user\'s: set XDG_CACHE_HOME to '
                    'one of your own' % folder)


def temporary_directory():
    """This user's own folder in the temporary one; it need not be there."""
    return os.path.join(tempfile.gettempdir(), 'song2017-%d' % os.getuid())


def make_private(folder):
    """Make a folder for us alone; whether it is ours and can be written.

    Code is loaded from it, so nobody else may have made it.
    """
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError:
        return False
    return (os.stat(folder).st_uid == os.getuid()
            and os.access(folder, os.W_OK))
