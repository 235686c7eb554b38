"""Folders that one process at a time writes to."""

import contextlib
import errno
import fcntl
import os
import sys
import time

NAME = '.lock'
#: Seconds between two looks at a lock that another process has.
LOOK = .1
#: How file systems (NFS, Lustre, FUSE) say that they have no locks.
NOT_OFFERED = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP}


@contextlib.contextmanager
def alone(folder, busy):
    """Hold a folder against other processes; the lock dies with us.

    Where the file system has no locks, a notice on stderr says so, and the
    work goes on. Yields whether the folder, which is there, is held.

    `busy` is called where another process holds it: it raises, or returns to
    wait.

    Raises
    ------
    OSError
        As the file system says it, with the lock's path.
    """
    path = os.path.join(folder, NAME)
    with open(path, 'a') as stream:   # which takes nothing from a foreign one
        held = True
        try:
            hold(stream, busy)
        except OSError as error:
            if error.errno not in NOT_OFFERED:
                raise OSError(error.errno, error.strerror, path) from None
            print('notice: %s: this file system has no locks (%s): see to it '
                  'that no two processes write into this folder'
                  % (folder, error.strerror), file=sys.stderr, flush=True)
            held = False
        yield held


def hold(stream, busy, patience=0):
    """Lock an open file; `busy` as for `alone`, after `patience` seconds."""
    start = time.monotonic()
    while True:
        try:
            return fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if busy and time.monotonic() - start >= patience:
                busy()
                busy = None
            time.sleep(LOOK)
