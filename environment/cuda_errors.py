"""What a GPU's errors mean, however they reach Python.

libgpuarray, cuBLAS and cuDNN report in their own words, and Theano passes
them on as whatever exception lies at hand; the driver's words are in all of
them.
"""

import sys

#: Fragments of messages, in lower case.
MEMORY = ('out of memory', 'cuda_error_out_of_memory', 'could not allocate',
          'cublas_status_alloc_failed', 'cudnn_status_alloc_failed',
          'error allocating')
#: After these a context is of no use any more.
LOST = tuple('cuda_error_' + name for name in (
    'launch_failed', 'launch_timeout', 'illegal_address',
    'illegal_instruction', 'misaligned_address', 'invalid_pc', 'assert',
    'hardware_stack_error', 'ecc_uncorrectable', 'device_unavailable',
    'deinitialized', 'context_is_destroyed', 'unknown')) + (
    'unspecified launch failure', 'illegal memory access',
    'cublas_status_execution_failed', 'cudnn_status_execution_failed')


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
    text = str(error).lower()
    for kind, fragments in (('memory', MEMORY), ('lost', LOST)):
        if any(fragment in text for fragment in fragments):
            return kind
    return None
