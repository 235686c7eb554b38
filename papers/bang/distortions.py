"""What noise_bang.py's workers compute: distortions at stages of a training.
"""

import numpy as np
import theano

from attacking.campaign import Work
from attacks.batches import in_batches
from attacks.noise import count_changes
from errors import UserError
from network.functions import logits_function, set_arrays
from papers.bang.networks import build_network
from papers.bang.run_format import BANG
from papers.bang.training import read_snapshot

BATCH = 500  # distorted images at a time


def prepare(model, plan):
    """A training: a function of an iteration to its classifier.

    That takes images (n, c, h, w) in grey levels to classes (n,), until
    another iteration is asked for.
    """
    network = build_network(model.description['architecture'],
                            np.random.RandomState(0))
    logits = logits_function(network)

    def predict(pixels):
        return in_batches(
            lambda some: logits(some.astype(theano.config.floatX)),
            BATCH, pixels).argmax(axis=1)

    def at(iteration):
        set_arrays(network, read_snapshot(model.folder, iteration))
        return predict

    return at


def choose_samples(trainings, samples, plan):
    """Rows of samples that all runs classify correctly at all iterations.

    The first of each class, as many as the plan's `images`, (n,) int64, in
    order. A UserError where a class has fewer.
    """
    number, labels = plan['images'], samples.labels
    correct = np.ones(len(labels), bool)
    for at in trainings.values():
        for iteration in plan['iterations']:
            correct &= at(iteration)(samples.images) == labels
    chosen = []
    for label in np.unique(labels):
        places = np.flatnonzero(correct & (labels == label))
        if len(places) < number:
            raise UserError('--images: expected at most %d, as no more of '
                            'class %d are classified correctly at every '
                            'stage, got %d' % (len(places), label, number))
        chosen.append(places[:number])
    return np.sort(np.concatenate(chosen))


def count_distortions(at, samples, way, plan):
    """changes (n, sigmas): distortions of each image with another class.

    The way is the iteration. The samples are all at once, as the noise of an
    image depends on its place.
    """
    predict = at(int(way[0]))
    images = samples.images.astype(np.float32)
    return {'changes': np.stack([
        count_changes(predict, images, samples.labels, sigma,
                      plan['repeats'], plan['seed'], plan['bounded'])
        for sigma in plan['sigmas']], axis=1)}


WORK = Work(BANG, prepare, count_distortions, choose=choose_samples)
