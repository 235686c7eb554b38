"""The user's cache, and where Theano's compiled C is kept in it."""

import contextlib
import hashlib
import os
import tempfile

from errors import UserError

#: What no path must have that compilers' and linkers' settings name: they
#: are split at blanks, commas and colons, quotes and backslashes are taken
#: out of them, and the dynamic linker reads $ORIGIN and the like.
SPLITTING = frozenset(' ,:\'"\\$')


def cache_base():
    """The user's cache (XDG base directory specification); None without."""
    base = os.environ.get('XDG_CACHE_HOME', '')
    if not os.path.isabs(base):  # the specification: ignore relative ones
        base = os.path.expanduser(os.path.join('~', '.cache'))
    return base if os.path.isabs(base) else None


def compile_directory():
    """Theano's compile directory.

    Not that of earlier versions of this project, which lock it otherwise.
    """
    return cache_directory('compiled')


def cache_directory(name):
    """A folder for what is compiled: in the user's cache, if that will do.

    Where there is no home, where it is read-only (a container that runs as
    an unknown user), where nothing may be executed from it or where its path
    does not pass through compilers' settings, a folder of this user's in the
    temporary one serves.
    """
    base = cache_base()
    folder = base and os.path.join(base, 'song2017', name)
    if folder and not obstacle_to(folder):
        return folder
    return private_directory(name)


def private_directory(*names):
    """A folder of this user's alone in the temporary one, made if need be."""
    folder = os.path.join(tempfile.gettempdir(), 'song2017-%d' % os.getuid())
    for name in ('',) + names:
        folder = os.path.join(folder, name) if name else folder
        obstacle = obstacle_to(folder)
        if obstacle:
            raise UserError('expected a folder for compiled code, %s %s: set '
                            'XDG_CACHE_HOME to one of your own without that'
                            % (folder, obstacle))
    return folder


def obstacle_to(folder):
    """Why compiled code cannot be kept there; None where it can.

    The folder is made, for us alone. Code is loaded from it, so nobody else
    may have made it.
    """
    if not passes(folder):
        return ('has a blank, a comma, a colon, a quote, a backslash, a $ or '
                'something unprintable in its path, at which compilers stop')
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as error:
        return 'cannot be made (%s)' % error.strerror
    if os.stat(folder).st_uid != os.getuid():
        return 'is another user\'s'
    if not os.access(folder, os.W_OK):
        return 'cannot be written'
    if not runs_code(folder):
        return 'is mounted noexec, so that no code can be loaded from it'
    return None


def passes(path):
    """Whether a path passes whole through compilers' and linkers' settings.

    What is not UTF-8 is not printable, either.
    """
    return path.isprintable() and not SPLITTING & set(path)


def runs_code(folder):
    """Whether the folder's file system lets code be loaded from it."""
    return not os.statvfs(folder).f_flag & os.ST_NOEXEC


def require_code(folder):
    """Make a folder that the user names; refuse it if no code runs there."""
    folder = os.path.expanduser(folder)
    os.makedirs(folder, exist_ok=True)
    if not runs_code(folder):
        raise UserError('expected a folder for compiled code, %s is mounted '
                        'noexec, so that none can be loaded from it: set '
                        'base_compiledir to another, or not at all' % folder)


def passing_name(folder):
    """A folder's path or, where that does not pass, the path of a link to it.

    The link is called after where it leads, so that it never has to change.
    """
    if passes(folder):
        return folder
    link = os.path.join(cache_directory('links'), hashlib.sha256(
        os.fsencode(folder)).hexdigest()[:16])
    with contextlib.suppress(FileExistsError):
        os.symlink(folder, link)
    return link


def settle_without_home():
    """Name a folder to matplotlib where the user has no home.

    A process may run as a user whom the machine does not know; matplotlib
    does not start, then.
    """
    if not os.path.isabs(os.path.expanduser('~')):
        with contextlib.suppress(UserError):
            os.environ.setdefault('MPLCONFIGDIR',
                                  cache_directory('matplotlib'))
