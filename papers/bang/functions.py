"""Theano functions of BANG's networks: the training step and the logits."""

import lasagne
import theano
import theano.tensor as T
from lasagne.layers import get_output

from network.functions import TrainingStep, dropout_states, floatX
from papers.bang.adjusting import Weighted, adjusted_gradients
from papers.bang.networks import parameters
from papers.bang.solver import solver_updates


def training_step(network, recipe, rule=None):
    """Compile one iteration of Caffe's solver; with a `Rule`, by BANG.

    Returns
    -------
    network.functions.TrainingStep
        (pixels (b, c, h, w) floatX, labels (b,) int32) -> cross-entropy with
        the decay's share of the objective, and without. The count of
        iterations is the last of its generators.
    """
    labels = T.ivector('labels')
    loss, gradients = loss_and_gradients(network, labels, rule)
    weights = parameters(network)
    updates, velocities, iteration = solver_updates(gradients, weights,
                                                    recipe)
    objective = loss + floatX(recipe.decay / 2) * sum(
        T.sqr(shared).sum() for shared in weights)
    update = theano.function([network.pixels, labels], [objective, loss],
                             updates=updates)
    return TrainingStep(update, weights, velocities,
                        dropout_states(network.logits) + [iteration])


def loss_and_gradients(network, labels, rule, deterministic=False):
    """Mean cross-entropy, and the gradients of all parameters.

    Parameters
    ----------
    network : papers.bang.networks.Network
    labels : theano variable, int32 (n,)
    rule : papers.bang.recipes.Rule or None
    deterministic : bool
        Leave the dropout out.
    """
    layers = list(network.layers.values())
    outputs = get_output(
        layers + [layer.input_layer for layer in layers],
        deterministic=deterministic)       # at once: one dropout mask for all
    z = outputs[len(layers) - 1]                                   # (n, 10)
    loss = lasagne.objectives.categorical_crossentropy(
        T.nnet.softmax(z), labels).mean()
    if rule is None:
        return loss, theano.grad(loss, parameters(network))
    weighted = [Weighted(output, below, (layer.W, layer.b))
                for layer, output, below in zip(layers, outputs,
                                                outputs[len(layers):])]
    wrong = T.neq(z.argmax(axis=1), labels)
    return loss, adjusted_gradients(loss, weighted, wrong, rule)


def as_pixels(images, dtype):
    """uint8 images as the networks take them: from 0 to 255, in `dtype`."""
    return images.astype(dtype)
