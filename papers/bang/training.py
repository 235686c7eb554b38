"""The trainings of BANG: Caffe's networks and solver, and the paper's rule."""

import os

import lasagne
import numpy as np
import theano
import theano.tensor as T
from lasagne.layers import get_output

from network.functions import TrainingStep, arrays, dropout_states, floatX
from papers.bang.adjusting import Weighted, adjusted_gradients, errors
from papers.bang.networks import build_network, parameters
from papers.bang.recipes import RECIPES, SOFTMAX, Rule
from papers.bang.run_format import BANG
from papers.bang.solver import solver_updates
from storage.atomic import write_npz
from storage.model_file import read_weights
from storage.run_description import read_description
from training.system import Training


def training_step(network, recipe, rule=None, softmax=SOFTMAX[0]):
    """Compile one iteration of Caffe's solver; with a `Rule`, by BANG.

    Returns
    -------
    network.functions.TrainingStep
        (pixels (b, c, h, w) floatX, labels (b,) int32) -> cross-entropy with
        the decay's share of the objective, and without. The count of
        iterations is the last of its generators.
    """
    labels = T.ivector('labels')
    loss, gradients = loss_and_gradients(network, labels, rule, softmax)
    weights = parameters(network)
    updates, velocities, iteration = solver_updates(gradients, weights,
                                                    recipe)
    objective = loss + floatX(recipe.decay / 2) * sum(
        T.sqr(shared).sum() for shared in weights)
    update = theano.function([network.pixels, labels], [objective, loss],
                             updates=updates)
    return TrainingStep(update, weights, velocities,
                        dropout_states(network.logits) + [iteration])


def loss_and_gradients(network, labels, rule, softmax=SOFTMAX[0]):
    """Mean cross-entropy, and the gradients of all parameters.

    Of labels (n,) int32, a variable; by BANG where there is a `Rule`, with
    the `softmax` of `papers.bang.adjusting.errors`.
    """
    layers = list(network.layers.values())
    # At once: one dropout mask for all.
    outputs = get_output(layers + [layer.input_layer for layer in layers])
    z = outputs[len(layers) - 1]                                   # (n, 10)
    loss = lasagne.objectives.categorical_crossentropy(
        T.nnet.softmax(z), labels).mean()
    if rule is None:
        return loss, theano.grad(loss, parameters(network))
    weighted = [Weighted(output, below, (layer.W, layer.b))
                for layer, output, below in zip(layers, outputs,
                                                outputs[len(layers):])]
    wrong = T.neq(z.argmax(axis=1), labels)
    kappa = errors(loss, z, labels, network.logits.output_shape[1], softmax)
    return loss, adjusted_gradients(kappa, weighted, wrong, rule)


def seed(arguments):
    """Of a run's weights and dropout: R1 differs from R0 in chance alone."""
    if arguments['model'] == 'R1':
        return [arguments['seed'], 1]
    return arguments['seed']


def build(run, dataset, generator):
    """A fresh network, with its mean image of the training part."""
    network = build_network(run.description['architecture'], generator)
    if network.mean is not None:
        network.mean.set_value(mean_image(dataset.train.images).astype(
            network.mean.dtype))
    return network


def mean_image(images):
    """The mean of uint8 images (n, c, h, w), float64 (c, h, w), exactly."""
    return images.sum(axis=0, dtype=np.int64) / len(images)


def compile_step(run, network):
    """An iteration of Caffe's solver, regular or by BANG."""
    arguments = run.description['arguments']
    rule = None if arguments['beta'] is None else Rule(
        *(arguments[name] for name in Rule._fields))
    # Runs from before there was a choice had Theano's.
    return training_step(network, RECIPES[arguments['net']], rule,
                         arguments.get('softmax', SOFTMAX[1]))


def keep(run, network, iteration):
    """The weights of every validation, if the run is to keep them."""
    if run.description['arguments']['snapshots']:
        write_npz(run.file(snapshot_name(iteration)), arrays(network))


def snapshot_name(iteration):
    """Where a run keeps the weights of an iteration."""
    return os.path.join('snapshots', '%06d.npz' % iteration)


def read_snapshot(folder, iteration):
    """The arrays by name of the run in a folder, at an iteration (int)."""
    shapes = BANG.shapes[read_description(folder, BANG)['architecture']]
    return read_weights(os.path.join(folder, snapshot_name(iteration)),
                        shapes)


def as_pixels(images, dtype):
    """uint8 images as the networks take them: from 0 to 255, in `dtype`."""
    return images.astype(dtype)


TRAINING = Training(build, compile_step, as_pixels, seed=seed, keep=keep)
