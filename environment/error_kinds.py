"""What errors mean, however they reach Python: memory, or the GPU's.

libgpuarray, cuBLAS and cuDNN report in their own words, and Theano passes
them on as whatever exception lies at hand, at times without their words
("Error in the elemwise call"). A GPU that is lost says so again at whatever
it is asked next.
"""

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


def ran_out(error):
    """Whether an error, of whatever class, means that memory was lacking."""
    return isinstance(error, MemoryError) or any(
        words in str(error).lower() for words in LOADER)


def kind_of(error):
    """'memory', 'lost', or None for an error that is not the GPU's.

    Parameters
    ----------
    error : Exception
    """
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
