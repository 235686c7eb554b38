"""The uniform random numbers behind dropout, MRG31k3p, of Theano's own bits.

Theano draws one number at a time. Here the streams of a state, which know
nothing of one another, are shared by threads and drawn from many at once;
numbers and states stay those of `theano.sandbox.rng_mrg` in C, so a training
goes on alike with either. Registered with Theano's optimizer as 'uniform'.
"""

import numpy as np
import theano.tensor as T
from theano.compile import optdb
from theano.gof import Apply, local_optimizer
from theano.gof.opt import in2out
from theano.sandbox.rng_mrg import mrg_uniform, mrg_uniform_base

from ops.compiled import CompiledOp
from ops.fusion import POSITION
from ops.twins import uniform


class Uniform(CompiledOp, mrg_uniform_base):
    """state (streams, 6) int32, size (rank,) -> next state, samples in (0, 1].

    Number i of the samples, in C order, comes of stream i % streams. Theano
    makes it work inplace, as every `mrg_uniform_base`.

    Parameters
    ----------
    output_type : theano.tensor.TensorType
        Of the samples: float32 or float64, and their rank.
    inplace : bool
        Whether the next state takes the place of the state.
    """

    kernels = 'uniform'
    function = 'uniform'
    results = 2

    def __init__(self, output_type, inplace=False):
        super().__init__(output_type, inplace)
        if output_type.dtype not in ('float32', 'float64'):
            raise TypeError('expected samples of float32 or float64, got %s'
                            % output_type.dtype)

    def make_node(self, state, size):
        state, size = map(T.as_tensor_variable, (state, size))
        # As Theano's: lengths known to be 1 may be broadcast.
        ones = [T.extract_constant(size[k]) == 1 for k in range(self.ndim)]
        return Apply(self, [state, size], [
            state.type(), self.output_type.clone(broadcastable=ones)()])

    def settings(self):
        return ['%d' % value for value
                in (self.inplace, self.ndim, self.otypenum)]

    def twin(self, state, size):
        samples, new = uniform(state, int(np.prod(size, dtype=np.int64)),
                               self.output_type.dtype)
        if self.inplace:
            state[...] = new
            new = state
        return new, samples.reshape(size)


@local_optimizer([mrg_uniform])
def draw_by_ours(node):
    """`Uniform` for Theano's operation, where it can have the same bits."""
    op = node.op
    if (type(op) is not mrg_uniform
            or op.output_type.dtype not in ('float32', 'float64')
            or not np.can_cast(node.inputs[1].dtype, np.int64)):
        return False
    return Uniform(op.output_type, op.inplace)(*node.inputs,
                                               return_list=True)


#: One operation of each library, to build it by.
OPERATIONS = (Uniform(T.TensorType('float32', (False,))),)

optdb.register('uniform', in2out(draw_by_ours, ignore_newtrees=True),
               POSITION)
