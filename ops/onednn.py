"""What oneDNN's operations have in common: geometry and library."""

from environment.directories import passing_name
from environment.toolchain import find_onednn
from environment.versions import INSTALL
from errors import UserError
from ops import library
from ops.compiled import CompiledOp, variables


class OneDNNOp(CompiledOp):
    """What both directions share: the geometry, and oneDNN behind it.

    Parameters
    ----------
    stride, pad : pair of int
        Of rows and columns; as many zeros are added on both sides.
    flip : bool
        Whether filters are turned by half a turn: a true convolution.
    pool : bool
        Whether 2x2 max-pool follows.
    relu : bool
        Whether there is a ReLU. Without, there is no pool, either.
    """

    source = 'convolution.cpp'
    arrays = 'convolution_arrays.h'

    def __init__(self, stride=(1, 1), pad=(0, 0), flip=True, pool=False,
                 relu=True):
        for name, pair, low in (('stride', stride, 1), ('pad', pad, 0)):
            if len(pair) != 2 or any(
                    int(value) != value or value < low for value in pair):
                raise ValueError('%s: expected two whole numbers of %d or '
                                 'more, got %r' % (name, low, pair))
        self.stride = tuple(int(value) for value in stride)
        self.pad = tuple(int(value) for value in pad)
        self.flip = bool(flip)
        if pool and not relu:
            raise ValueError('expected a pool with relu=True alone')
        self.pool = bool(pool)
        self.relu = bool(relu)

    def library(self):
        found = find_onednn()
        if found is None:
            raise UserError('expected onednn-devel-cpu-gomp and '
                            'onednn-cpu-gomp, found none: see %s' % INSTALL)
        folder = passing_name(found.library)
        return library.build(self.source, (
            '-I', found.headers, '-L', folder, '-l:libdnnl.so.3',
            '-Xlinker', '-rpath', '-Xlinker', folder,
            '-DONEDNN="%s"' % found.version))

    def c_support_code_apply(self, node, name):
        return 'static const int settings_%s[] = {%s};' % (name, ', '.join(
            '%d' % value for value in self.stride + self.pad
            + (self.flip, self.pool, self.relu)))

    def c_code(self, node, name, inputs, outputs, sub):
        return 'if (!%s(%s)) { %s }' % (self.function, ', '.join(
            inputs + ['settings_' + name] + self.addresses(outputs)),
            sub['fail'])

    def check_inputs(self, names, values, ranks):
        """Symbolic variables of these ranks and of float32."""
        found = variables(self, names, values, ranks)
        if found[0].dtype != 'float32':
            raise TypeError('%s: expected float32, got %s'
                            % (self, found[0].dtype))
        return found

    def turned(self, w):
        return w[:, :, ::-1, ::-1] if self.flip else w

    def result_shape(self, x, w):
        """Symbolic shape of the result, of symbolic shapes."""
        lengths = [(x[2 + k] + 2 * self.pad[k] - w[2 + k]) // self.stride[k]
                   + 1 for k in range(2)]
        return (x[0], w[0]) + tuple(
            length // 2 if self.pool else length for length in lengths)
