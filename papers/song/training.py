"""The trainings of Song 2017: the CNN, on labels or on a teacher's words."""

import data
from papers.song.labels import read_labels
from papers.song.network import build_network
from papers.song.training_step import training_step
from training.system import Training


def compile_step(run, network):
    """The step of the run's rates, on labels or on distributions."""
    arguments = run.description['arguments']
    return training_step(network, arguments['learning_rate'],
                         arguments['momentum'], arguments['penalty'],
                         soft='distillation' in run.description)


def targets(run, labels):
    """Labels, int32 (n,), or distributions, floatX (n, 10)."""
    soft = read_labels(run)
    return labels.astype('int32') if soft is None else soft


TRAINING = Training(
    lambda run, dataset, generator: build_network(
        generator, run.description['arguments']['temperature']),
    compile_step, data.scale, targets,
    temperature=lambda arguments: arguments['temperature'],
    advice=', or try a smaller --batch-size')
