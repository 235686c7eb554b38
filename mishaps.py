"""Mishaps of the machine, each as one line: what it is about, what to do.

libgpuarray, cuBLAS and cuDNN report in their own words, and Theano passes
them on as whatever exception lies at hand, at times without their words
("Error in the elemwise call"). A GPU that is lost says so again at whatever
it is asked next.

And standard output and error, so that nothing printed stops a run.
"""

import errno
import os
import sys

#: Fragments of messages, in lower case.
MEMORY = ('out of memory', 'failed to allocate memory',
          'failed to allocate output', 'allocate working',
          'allocate workspace', 'status_alloc_failed')
#: After these a context is of no use any more.
LOST = tuple('cuda_error_' + name for name in (
    'launch_failed', 'launch_timeout', 'illegal_address',
    'illegal_instruction', 'misaligned_address', 'invalid_pc', 'assert',
    'hardware_stack_error', 'ecc_uncorrectable', 'device_unavailable',
    'deinitialized', 'context_is_destroyed', 'unknown')) + (
    'unspecified launch failure', 'illegal memory access',
    'cublas_status_execution_failed', 'cudnn_status_execution_failed')
#: The dynamic loader's words where memory is lacking.
LOADER = ('failed to map segment', 'cannot allocate memory')
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


def kind_of(error):
    """'memory', 'lost', or None for an error that is not the GPU's."""
    if isinstance(error, MemoryError):
        return 'memory'
    if 'pygpu' not in sys.modules:
        return None
    return kind_of_words(str(error)) or kind_of_words(
        str(ask_device() or ''))


def kind_of_words(message):
    """The same of a message alone."""
    message = message.lower()
    for kind, fragments in (('memory', MEMORY), ('lost', LOST)):
        if any(fragment in message for fragment in fragments):
            return kind
    return None


def ask_device():
    """Write one number to Theano's device and read it; the error, or None."""
    types = sys.modules.get('theano.gpuarray.type')
    if types is None or not types.list_contexts():
        return None
    try:
        import numpy as np
        import pygpu
        np.asarray(pygpu.zeros((1,), context=types.get_context(None)))
    except Exception as error:
        return error
    return None


def gpu_error_line(error):
    """An error of the GPU as one line; None for any other."""
    line = GPU_ERRORS.get(kind_of(error))
    if line and '%s' in line:
        return line % str(error).strip().splitlines()[0]
    return line


def ran_out(error):
    """Whether an error, of whatever class, means that memory was lacking."""
    return isinstance(error, MemoryError) or any(
        words in str(error).lower() for words in LOADER)


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
