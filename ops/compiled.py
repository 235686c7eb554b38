"""What Theano's operations with code in ops/source have in common."""

import os

import theano.tensor as T
from theano import gof

from ops import library
from ops.twins import check_shape


class CompiledOp(gof.Op):
    """An operation whose work a library of ops/source does.

    Theano compiles a few lines that call the library, so that its part is
    quick to build, and the library is built once. Each has a `twin`, of
    arrays, that gives in NumPy what the C++ does, and perhaps more results.

    Attributes
    ----------
    kernels : str
        The library: its file in ops/source, without .cpp, and the beginning
        of the header's that stands between NumPy's arrays and it.
    function : str
        In that header: arrays, settings, then addresses of the results;
        throws where it does not succeed.
    results : int
        How many the function has; NULL for those that nobody asks for.
    """

    kernels = function = None
    results = 1

    def perform(self, node, inputs, storage, params=None):
        for cell, result in zip(storage, self.twin(*inputs)):
            cell[0] = result

    def library(self):
        """Path of the library, built if need be."""
        return library.build(self.kernels + '.cpp')

    def connection_pattern(self, node):
        """What gradients need, masks and places, has no gradient itself."""
        return [[output.dtype != 'uint8' for output in node.outputs]] * len(
            node.inputs)

    def c_headers(self):
        return ['"%s_arrays.h"' % self.kernels]

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
        return (3, os.path.basename(self.library()))

    def arrays(self, inputs):
        """What the function gets of the inputs, as C++ expressions."""
        return inputs

    def settings(self):
        """What the function is told between arrays and results, in C++."""
        return []

    def addresses(self, outputs):
        """Where the results go, as C++ expressions."""
        return ['&' + output for output in outputs] + ['NULL'] * (
            self.results - len(outputs))

    def c_code(self, node, name, inputs, outputs, sub):
        return 'if (!succeeds([&] { %s(%s); })) { %s }' % (
            self.function, ', '.join(self.arrays(inputs) + self.settings()
                                     + self.addresses(outputs)), sub['fail'])


class UnpoolOp(CompiledOp):
    """What a pool has saved, g (n, c, h', w'), z's shape -> z's gradient.

    Attributes
    ----------
    saved : (str, str)
        Its name, and what it is.
    bias : bool
        Whether there is the gradient of a bias, too.
    """

    saved, bias = None, False

    def make_node(self, saved, g, z_shape):
        g, = variables(self, ('g',), (g,), (4,))
        saved, z_shape = map(T.as_tensor_variable, (saved, z_shape))
        if (saved.ndim, saved.dtype, z_shape.ndim, z_shape.dtype) != (
                4, 'uint8', 1, 'int64'):
            raise TypeError('%s: expected the %s and the shape of its z, got '
                            '%s and %s' % (self, self.saved[1], saved.type,
                                           z_shape.type))
        return gof.Apply(self, [saved, g, z_shape], [images(g.dtype)]
                         + [T.vector(dtype=g.dtype)] * self.bias)

    def check(self, saved, g, z_shape):
        """Refuse arrays that are not of z's shape, as the C++ does."""
        n, c, h, w = z_shape
        for name, array in ((self.saved[0], saved), ('gradient', g)):
            check_shape(name, array, (n, c, h // 2, w // 2))

    def infer_shape(self, node, shapes):
        z_shape = [node.inputs[2][k] for k in range(4)]
        return [z_shape] + [(z_shape[1],)] * self.bias


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
