"""The trainings of BANG: Caffe's networks and solver, and the paper's rule."""

import numpy as np

from papers.bang.functions import as_pixels, training_step
from papers.bang.networks import build_network
from papers.bang.recipes import RECIPES, Rule
from papers.bang.snapshots import snapshot
from training.system import Training


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
    return training_step(network, RECIPES[arguments['net']], rule)


def keep(run, network, iteration):
    """The weights of every validation, if the run is to keep them."""
    if run.description['arguments']['snapshots']:
        snapshot(run, network, iteration)


TRAINING = Training(build, compile_step, as_pixels, seed=seed, keep=keep)
