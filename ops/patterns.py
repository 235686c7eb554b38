"""Graphs as patterns: what Theano makes of a formula, found in other graphs.

A pattern is not written by hand: it is the graph of the formula itself, and
that of its gradient is what `theano.grad` makes of it.
"""

import theano
from theano import gof
from theano.gof.toolbox import ReplaceValidate


class Fusion(gof.Optimizer):
    """What puts an operation into graphs; `apply` does."""

    def add_requirements(self, fgraph):
        fgraph.attach_feature(ReplaceValidate())


def unify(pattern, variable, bound):
    """Whether a variable is computed as a pattern says.

    Parameters
    ----------
    pattern, variable : theano variable
        Inputs of the pattern, variables without an owner, stand for any
        variable of their type, but one and the same throughout.
    bound : dict
        Variable of the pattern -> variable of the graph. What matches is
        added, in part even where the whole does not match.
    """
    if isinstance(pattern, gof.Constant):
        return isinstance(variable, gof.Constant) and pattern.equals(variable)
    if pattern in bound:
        return bound[pattern] is variable
    bound[pattern] = variable
    if pattern.owner is None:
        return pattern.type == variable.type
    expected, node = pattern.owner, variable.owner
    return (node is not None and node.op == expected.op
            and expected.outputs.index(pattern) == node.outputs.index(variable)
            and len(node.inputs) == len(expected.inputs)
            and all(unify(ours, theirs, bound) for ours, theirs
                    in zip(expected.inputs, node.inputs)))


def matches(pattern, fgraph, bound=()):
    """Every match of a pattern in a function's graph, inputs first: dicts of
    what the pattern's variables, beside those of `bound`, stand for."""
    operation = pattern.owner.op
    for node in fgraph.toposort():
        if node.op == operation:
            for variable in node.outputs:
                found = dict(bound)
                if unify(pattern, variable, found):
                    yield found


def gradients(result, inputs):
    """Patterns of a formula's gradients: that of the result, of the inputs."""
    gradient = result.type()
    return gradient, theano.grad(None, wrt=list(inputs),
                                 known_grads={result: gradient})
