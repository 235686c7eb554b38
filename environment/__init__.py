"""The one place that prepares the process for NumPy, Theano and Lasagne.

    import environment
    chosen = environment.prepare(device='cpu', float64=False)
    print(chosen)                       # one line: what was chosen

`prepare` runs before NumPy and Theano are imported, because OpenBLAS, OpenMP
and Theano read their settings once, when they load. What the user sets in
THEANO_FLAGS, Theano's files, OMP_NUM_THREADS or OPENBLAS_* stands, but for an
explicit option, and where THEANO_FLAGS and the options contradict one another.
"""

from environment.directories import compile_directory, settle_without_home
from environment.preparation import Environment, prepare

__all__ = ['Environment', 'compile_directory', 'prepare']

# Before anybody imports matplotlib, with `prepare` or without.
settle_without_home()
