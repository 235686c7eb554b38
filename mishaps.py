"""Mishaps of the machine, each as one line: what it is about, what to do.

And standard output and error, so that nothing printed stops a run.
"""

import errno
import os
import sys

from environment.error_kinds import kind_of, ran_out

GPU_ERRORS = {
    'memory': 'out of memory on the GPU: choose a smaller batch, or free '
              'some of it (nvidia-smi shows who has it)',
    'lost': 'the GPU was lost on the way (the driver says: %s): nothing is '
            'half-written; continue, with --resume or by the same command, '
            'once nvidia-smi shows it again',
}
DISK_ERRORS = {
    errno.ENOSPC: 'the disk is full: free some space',
    errno.EDQUOT: 'the disk quota is used up: free some space',
    errno.EFBIG: 'the file is larger than this system lets it be',
    errno.EROFS: 'the file system is read-only: choose another folder',
}


def gpu_error_line(error):
    """An error of the GPU as one line; None for any other."""
    line = GPU_ERRORS.get(kind_of(error))
    if line and '%s' in line:
        return line % str(error).strip().splitlines()[0]
    return line


def memory_line(error):
    """A library that found no room as one line; None for any other error."""
    if not ran_out(error):
        return None
    return 'out of memory: free some of it, or raise the limit (ulimit -v)'


def os_error_line(error):
    """An OSError as one line: the file, if it is about one, and the mend."""
    if error.errno in (errno.ENOENT, errno.ESTALE) and is_lost():
        return ('the folder that this was started in is gone: change into '
                'one that is there')
    about = error.filename
    if about is None and stdout_fails():
        about = 'standard output'
    words = DISK_ERRORS.get(error.errno, error.strerror or str(error))
    if about is None:
        return words
    about = os.fsdecode(about)
    return '%s: %s' % (about, denied(about) if error.errno == errno.EACCES
                       else words)


def is_lost():
    """Whether the working directory has been deleted."""
    try:
        os.getcwd()
    except OSError:
        return True
    return False


def stdout_fails():
    """Whether what was printed last cannot be brought out."""
    try:
        sys.stdout.flush()
    except OSError:
        return True
    return False


def denied(path):
    """Whether a lack of permission is one to read or to write."""
    place = os.path.abspath(path)
    while not os.path.exists(place):
        place = os.path.dirname(place)
    if os.path.isdir(place) and not os.access(place, os.X_OK):
        return 'permission denied: %s is closed to this user' % place
    if os.path.isfile(place) and not os.access(place, os.R_OK):
        return 'permission denied: this user may not read it'
    return 'permission denied: choose another folder'


def prepare_streams():
    """Let all characters pass, and closed streams lead nowhere.

    A stream that cannot encode a character shows its number instead.
    """
    for number, name in ((1, 'stdout'), (2, 'stderr')):
        if getattr(sys, name) is None:
            setattr(sys, name, _nowhere(number))
        stream = getattr(sys, name)
        if hasattr(stream, 'reconfigure'):
            stream.reconfigure(errors='backslashreplace')


def discard_stdout():
    """Drop what could not be printed: Python flushes once more at its end."""
    if stdout_fails():
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _nowhere(number):
    """A stream in place of a closed one.

    The next file that is opened would else get its number, and what
    compilers and workers print would go into it.
    """
    file = os.open(os.devnull, os.O_WRONLY)
    if file != number:
        os.dup2(file, number)
        os.close(file)
    os.set_inheritable(number, True)
    return open(number, 'w', closefd=False)
