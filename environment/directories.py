"""Where the user's cache and Theano's compiled C are kept."""

import os
import tempfile

from errors import UserError


def cache_directory(name):
    """A folder of that name in the user's cache; made, and writable.

    Falls back to the temporary folder where the home is read-only, as in a
    container that runs as an unknown user.
    """
    home = (os.environ.get('XDG_CACHE_HOME')
            or os.path.join(os.path.expanduser('~'), '.cache'))
    temporary = os.path.join(tempfile.gettempdir(),
                             'song2017-%d' % os.getuid())
    for root in (os.path.join(home, 'song2017'), temporary):
        folder = os.path.join(root, name)
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise UserError('expected a writable cache, neither %s nor %s is: set '
                    'XDG_CACHE_HOME to a folder that is' % (home, temporary))


def compile_directory():
    """Where Theano keeps its compiled C; never on a path with blanks."""
    folder = cache_directory('theano')
    if ' ' not in folder:
        return folder
    folder = os.path.join(tempfile.gettempdir(),
                          'song2017-%d' % os.getuid(), 'theano')
    os.makedirs(folder, exist_ok=True)
    return folder
