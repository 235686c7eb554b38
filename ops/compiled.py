"""What Theano's operations with code in ops/source have in common."""

import os

import theano.tensor as T
from theano import gof

from ops import library


class CompiledOp(gof.Op):
    """An operation whose work a library of ops/source does.

    Theano compiles a few lines that call the library, so that its part is
    quick to build, and the library is built once.

    Attributes
    ----------
    source : str
        The library's file in ops/source.
    arrays : str
        The header that stands between NumPy's arrays and the library.
    function : str
        In that header: arrays, then addresses of the results; returns false
        with a Python exception set.
    """

    source = arrays = function = None

    def library(self):
        """Path of the library, built if need be."""
        return library.build(self.source)

    def c_headers(self):
        return ['"%s"' % self.arrays]

    def c_header_dirs(self):
        return [library.SOURCE]

    def c_libraries(self):
        return [':' + os.path.basename(self.library())]

    def c_lib_dirs(self):
        return [os.path.dirname(self.library())]

    def c_compile_args(self):
        return ['-Wl,-rpath,' + os.path.dirname(self.library())]

    def c_code_cache_version(self):
        # The library's name tells all that it depends on, headers included.
        return (1, os.path.basename(self.library()))

    def arguments(self, inputs, outputs):
        """What the function is called with, as C expressions."""
        return inputs + ['&' + output for output in outputs]

    def c_code(self, node, name, inputs, outputs, sub):
        return 'if (!%s(%s)) { %s }' % (
            self.function, ', '.join(self.arguments(inputs, outputs)),
            sub['fail'])


def variables(op, names, values, ranks):
    """Symbolic variables of these ranks and one floating-point type.

    Raises
    ------
    TypeError
        Naming what was expected, as the graph is built.
    """
    found = [T.as_tensor_variable(value) for value in values]
    dtype = found[0].dtype
    for name, value, rank in zip(names, found, ranks):
        if value.ndim != rank:
            raise TypeError('%s: expected %s of %d dimensions, got %d'
                            % (op, name, rank, value.ndim))
        if value.dtype != dtype or dtype not in ('float32', 'float64'):
            raise TypeError('%s: expected %s and %s of one type, float32 or '
                            'float64, got %s and %s'
                            % (op, names[0], name, dtype, value.dtype))
    return found


def images(dtype, like=None):
    """A new variable (n, c, h, w), broadcast where another one is."""
    return T.TensorType(dtype, like.broadcastable if like else (False,) * 4)()
