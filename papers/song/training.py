"""The trainings of Song 2017: the CNN, on labels or on a teacher's words."""

import data
from papers.song.labels import read_labels
from papers.song.network import build_network
from papers.song.training_step import training_step
from training.system import Training, hard_labels


def build(run, dataset, generator):
    """The CNN with fresh weights, and its head at the run's T."""
    return build_network(generator, temperature(run.description['arguments']))


def compile_step(run, network):
    """The step of the run's rates, on labels or on distributions."""
    arguments = run.description['arguments']
    return training_step(network, arguments['learning_rate'],
                         arguments['momentum'], arguments['penalty'],
                         soft='distillation' in run.description)


def targets(run, labels):
    """Labels, int32 (n,), or distributions, floatX (n, 10)."""
    soft = read_labels(run)
    return hard_labels(run, labels) if soft is None else soft


def temperature(arguments):
    """T of the training head."""
    return arguments['temperature']


TRAINING = Training(build, compile_step, data.scale, targets,
                    temperature=temperature,
                    advice=', or try a smaller --batch-size')
