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


def match(pattern, variable, bound=()):
    """The variables that a pattern's stand for: a dict; None if it differs."""
    found = dict(bound)
    return found if unify(pattern, variable, found) else None


def matches(pattern, fgraph, bound=()):
    """Every match of a pattern in a function's graph, inputs first."""
    operation = pattern.owner.op
    for node in fgraph.toposort():
        if node.op == operation:
            for variable in node.outputs:
                found = match(pattern, variable, bound)
                if found is not None:
                    yield found


def gradients(result, inputs):
    """Patterns of a formula's gradients: that of the result, of the inputs."""
    gradient = result.type()
    return gradient, theano.grad(None, wrt=list(inputs),
                                 known_grads={result: gradient})


def leave_together(replaced, inner, everything):
    """Whether the nodes inside go once what they lead to is replaced.

    Parameters
    ----------
    replaced : set of variables
        Those which nobody will use any more.
    inner : set of variables
        Whose nodes have to go.
    everything : set of variables
        Whose nodes may go.
    """
    going = {variable.owner for variable in everything}

    def stays(node):
        return any(client not in going
                   for variable in node.outputs if variable not in replaced
                   for client, _ in variable.clients)

    staying = True
    while staying:
        staying = {node for node in going if stays(node)}
        going -= staying
    return all(variable.owner in going for variable in inner)
