"""Which operations a compiled function consists of.

Where nothing is found to be replaced, Theano goes on without a word, so that
who relies on our operations has to look.
"""

from environment.theano_flags import unset
from errors import UserError

#: Types of nodes that a network's convolutional layers have to consist of,
#: by --ops, and their gradients'. Random numbers, where there are any, have
#: to come from Uniform.
FORWARD = {'theano': {'CorrMM', 'Pool'}, 'c': {'CorrMM', 'BiasReLUPool'},
           'onednn': {'ConvolutionBlock'}}
BACKWARD = {'theano': {'MaxPoolGrad'}, 'c': {'BiasReLUPoolGrad'},
            'onednn': {'ConvolutionBlockGrad'}}


def missing(function, ops, gradients):
    """Names of expected operations that are not in the graph, sorted.

    Parameters
    ----------
    function : compiled Theano function
    ops : str
        A key of FORWARD.
    gradients : bool
        Whether it computes gradients, too.
    """
    expected = FORWARD[ops] | (BACKWARD[ops] if gradients else set())
    found = {type(node.op).__name__ for node
             in function.maker.fgraph.apply_nodes}
    if ops != 'theano' and 'mrg_uniform' in found:
        expected = expected | {'Uniform'}
    return sorted(expected - found)


def require(function, ops, gradients):
    """Refuse a function that does without the operations.

    Raises
    ------
    UserError
        Naming what is missing.
    """
    absent = missing(function, ops, gradients)
    if absent:
        raise UserError('--ops %s: expected %s in the graph, found none: %s'
                        % (ops, ', '.join(absent), unset(
                            'mode', 'optimizer...')))
