"""What the tests look for in the graphs that Theano has compiled."""

import lasagne
import numpy as np
import theano
import theano.tensor as T
from theano.sandbox.rng_mrg import mrg_uniform
from theano.tensor.signal.pool import MaxPoolGrad, Pool

from network.functions import logits_function
from papers.song.attack_functions import compile_callables
from papers.song.network import build_network, parameters
from papers.song.training import training_step

#: Of what ReLUs and their gradients are made.
RELU = ('Abs', 'abs_', 'sgn')


def unfused(function):
    """Names of nodes that our operations should have replaced."""
    return [str(node) for node in function.maker.fgraph.toposort()
            if is_plain(node)]


def is_plain(node):
    """Whether a node is a ReLU, pool or bias, or its gradient, on images;
    or dropout's random numbers."""
    if isinstance(node.op, (Pool, MaxPoolGrad, mrg_uniform)):
        return True
    images = [value for value in node.inputs
              if value.ndim == 4 and not any(value.broadcastable)]
    if isinstance(node.op, T.Elemwise) and images:
        return (any(word in str(node.op.scalar_op) for word in RELU)
                or any(value.broadcastable == (True, False, True, True)
                       for value in node.inputs))
    # A bias's gradient; the penalty's and the loss's sums are of fewer axes.
    return (isinstance(node.op, T.Sum) and bool(images)
            and tuple(node.op.axis or ()) == (0, 2, 3))


def names(function):
    """How often each type of operation occurs."""
    found = [type(node.op).__name__
             for node in function.maker.fgraph.toposort()]
    return {name: found.count(name) for name in sorted(set(found))}


def real_functions(temperature, soft, attacks=True):
    """All of images that the scripts compile for a network at this T.

    Functions of logits alone have no layers to look at.
    """
    compiled, compile_function = [], theano.function

    def record(*args, **kwargs):
        compiled.append(compile_function(*args, **kwargs))
        return compiled[-1]

    theano.function = record
    try:
        network = build_network(np.random.RandomState(0), temperature)
        training_step(network, .1, .5, .01, soft)
        if attacks:
            logits_function(network)
            compile_callables(network, 1.)
    finally:
        theano.function = compile_function
    return [function for function in compiled
            if any(value.ndim == 4 for value in function.maker.fgraph.inputs)]


def loss_and_gradients(mode=None):
    """The paper's network, dropout off, as a function of images and labels.

    Returns the logits, and the gradients of the loss by every weight and by
    the images. Biases are 0, as at the start of a training.
    """
    network = build_network(np.random.RandomState(0), 20.)
    labels = T.ivector('labels')
    logits, probabilities = lasagne.layers.get_output(
        [network.logits, network.training_head], deterministic=True)
    loss = lasagne.objectives.categorical_crossentropy(
        probabilities, labels).mean()
    return theano.function(
        [network.images, labels],
        [logits] + theano.grad(loss, parameters(network) + [network.images]),
        mode=mode)


def bordered_images(count):
    """Random images with black borders, as MNIST's, and labels."""
    generator = np.random.RandomState(0)
    images = np.zeros((count, 1, 28, 28), theano.config.floatX)
    images[:, :, 4:24, 4:24] = generator.randint(
        0, 256, (count, 1, 20, 20)) / 256.
    return images, generator.randint(0, 10, count).astype('int32')


def errors(got, expected):
    """Relative L2 errors of arrays, one by one."""
    return [float(np.linalg.norm(a.astype(float) - b.astype(float))
                  / np.linalg.norm(b.astype(float)))
            for a, b in zip(got, expected)]
