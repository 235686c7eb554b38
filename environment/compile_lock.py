"""One process at a time writes into Theano's compile directory.

Theano's own lock is a folder with the owner's name in it, and counts as
forgotten once it is some minutes old: a cold compilation on a slow machine
takes longer, another process then takes the lock, and one of the two loses
files under its feet. And of two that find a dead process's lock, the second
takes away the first one's. The kernel's lock on a file has neither fault: it
is there while its owner lives, and not a moment longer.

`install` puts this module in the place of Theano's.
"""

import contextlib
import hashlib
import os
import sys

from environment.directories import private_directory
from storage.locking import NOT_OFFERED, hold

#: Seconds until a wait is worth a word.
PATIENCE = 60


def install():
    """Let Theano, once it is imported, lock by this module."""
    sys.modules['theano.gof.compilelock'] = sys.modules[__name__]


def get_lock(lock_dir=None, **timing):
    """Take the lock, or note that we have it once more.

    What Theano says of its own lock is of no use here.
    """
    if not get_lock.n_lock:
        from theano import config
        get_lock.stream = acquire(config.compiledir)
    get_lock.n_lock += 1


#: How often it is held; Theano reads it, too.
get_lock.n_lock = 0


def release_lock():
    """Give it back, where it was taken once."""
    get_lock.n_lock -= 1
    if not get_lock.n_lock:
        get_lock.stream.close()


@contextlib.contextmanager
def lock_ctx(lock_dir=None, keep_lock=False, **timing):
    """Hold it; with `keep_lock` the caller gives it back."""
    get_lock()
    try:
        yield
    finally:
        if not keep_lock:
            release_lock()


def acquire(folder):
    """The open file that holds the lock of a folder, as soon as it is free.

    Raises
    ------
    OSError
        As the file system says it.
    """
    os.makedirs(folder, exist_ok=True)
    try:
        return wait_for(folder + '.lock', folder)
    except OSError as error:
        if error.errno not in NOT_OFFERED:
            raise
    # Then at least against the processes of this machine.
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16] + '.lock'
    try:
        return wait_for(os.path.join(private_directory(), name), folder)
    except OSError as error:
        if error.errno not in NOT_OFFERED:
            raise
        print('notice: no file system here has locks (%s): see to it that no '
              'two processes compile at a time' % error.strerror,
              file=sys.stderr, flush=True)
        return open(os.devnull, 'w')


def wait_for(path, folder):
    """Open a file and lock it; say so where that takes long."""
    stream = open(path, 'a+')  # noqa: SIM115  (the caller closes it)

    def say_so():
        stream.seek(0)
        print('notice: waiting for process %s, which compiles into %s'
              % (stream.read().strip() or '?', folder),
              file=sys.stderr, flush=True)

    try:
        hold(stream, say_so, PATIENCE)
        stream.truncate(0)
        stream.write('%d\n' % os.getpid())
        stream.flush()
    except BaseException:
        stream.close()
        raise
    return stream
