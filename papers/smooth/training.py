"""The report's trainings: plain, smooth, Parseval and adversarial."""

from collections import OrderedDict

import lasagne
import numpy as np
import theano
import theano.tensor as T

from data import normalisation
from data.augmentation import crop_and_mirror
from network.functions import TrainingStep, floatX
from papers.smooth.adversary import adversarial, draw_steps, weigh
from papers.smooth.networks import (
    apply,
    build_network,
    normalise,
    parameters,
)
from papers.smooth.optimisers import OPTIMISERS
from papers.smooth.parseval import project
from papers.smooth.recipes import FAMILIES
from papers.smooth.smoothness import penalty
from training.loop import Phase
from training.system import Training


def training_step(network, arguments):
    """Compile one step on a batch.

    Parameters
    ----------
    network : papers.smooth.networks.Network
    arguments : dict
        Of the run.

    Returns
    -------
    network.functions.TrainingStep
        (pixels (b, c, h, w) floatX from 0 to 1, labels (b,) int32), and with
        an adversary the steps of the first half's pixels, -> the loss with
        all that is added to it, and its cross-entropy. Running statistics
        are its state.
    """
    inputs = [network.pixels, T.ivector('labels')]
    images, labels = normalise(network, network.pixels), inputs[1]
    moved = OrderedDict()
    if arguments['adversary'] == 'none':
        logits, features = apply(network, images, moved)
        entropy = cross_entropy(logits, labels)
    else:
        inputs.append(T.tensor4('steps'))
        entropy, features, labels = halves(
            network, images, labels, inputs[2], arguments, moved)
    loss = entropy
    if arguments['gamma']:
        loss = loss + penalty(features, labels, network.architecture.classes,
                              arguments['gamma'], arguments['power'])
    weights, decay = parameters(network), arguments['decay']
    rate = theano.shared(floatX(0), 'rate')     # each phase sets its own
    updates, velocities = OPTIMISERS[arguments['optimiser']](
        theano.grad(loss, weights), weights, rate, decay)
    if arguments['beta']:
        for shared in weights:
            if shared.ndim > 1:
                updates[shared] = project(updates[shared], arguments['beta'])
    objective = loss + floatX(decay / 2) * sum(
        T.sqr(shared).sum() for shared in weights)
    update = theano.function(inputs, [objective, entropy],
                             updates=[*updates.items(), *moved.items()])
    return TrainingStep(update, weights, velocities, [], state=list(moved),
                        rate=rate)


def halves(network, images, labels, steps, arguments, moved):
    """The first half of a batch made adversarial, the other one clean.

    The network sees three batches, each in training mode, and each moves the
    running statistics: the first half, for its gradient, unless the argument
    noise_pass is 'test'; the same, made adversarial; the clean half.

    Returns
    -------
    cross-entropy of both, weighed; features and labels of the clean half
    """
    half = images.shape[0] // 2
    first = images[:half]
    logits, _ = apply(network, first, moved,
                      arguments['noise_pass'] == 'test')
    worse = adversarial(first, cross_entropy(logits, labels[:half]), steps,
                        network.normalised.range() if arguments['cut']
                        else None)
    entropies = []
    for some, own in ((worse, labels[:half]),
                      (images[half:], labels[half:])):
        logits, features = apply(network, some, moved)
        entropies.append(cross_entropy(logits, own))
    counts = [T.cast(count, images.dtype)
              for count in (half, images.shape[0] - half)]
    return weigh(*entropies, *counts), features, labels[half:]


def cross_entropy(logits, labels):
    """The mean over a batch, in nats."""
    return lasagne.objectives.categorical_crossentropy(
        T.nnet.softmax(logits), labels).mean()


def normalisation_of(dataset):
    """The data.normalisation.Normalisation of the report for a data set.

    None of SVHN: 0 and 1. Of CIFAR that of the images it trains on.
    """
    family = FAMILIES[dataset.name]
    if family == 'svhn':
        return normalisation.Normalisation(np.zeros(3), np.ones(3))
    if family == 'tiny-imagenet':
        return normalisation.IMAGENET
    return normalisation.measure(dataset.train.images)


def build(run, dataset, generator):
    """A fresh network, which normalises as the report does."""
    network = build_network(run.description['architecture'], generator)
    own = normalisation_of(dataset)
    for shared, value in ((network.normalised.mean, own.mean),
                          (network.normalised.deviation, own.deviation)):
        shared.set_value(value.astype(shared.dtype))
    return network


def compile_step(run, network):
    """A step by the run's arguments."""
    return training_step(network, run.description['arguments'])


def scale(images, dtype):
    """uint8 images as the network takes them: from 0 to 1."""
    return images.astype(dtype) / np.asarray(255, dtype)


def batch(arguments, images, targets, generator):
    """Crops and mirrored images, and the adversary's steps."""
    if arguments['augment']:
        images = crop_and_mirror(images, generator, arguments['crop'])
    if arguments['adversary'] == 'none':
        return images, targets
    steps = draw_steps(generator, arguments['adversary'],
                       arguments['epsilon'],
                       (len(images) // 2,) + images.shape[1:])
    return images, targets, steps.astype(images.dtype)


def phases(arguments):
    """Learning rates; at each, the optimiser is a new one."""
    return tuple(map(Phase, [0, *arguments['boundaries']],
                     arguments['rates']))


TRAINING = Training(build, compile_step, scale, batch=batch, phases=phases,
                    tests_training=True)
