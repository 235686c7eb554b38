"""What a paper tells of its trainings: all that is its own about them.

In two parts, as nothing may import NumPy before the environment is prepared:
`System` is known to the paper's scripts at once; `Training` lies in the
module that the system names, and is imported later. So this module and those
that make a `System` import neither NumPy nor Theano.
"""

import importlib
from typing import Callable, NamedTuple

from storage.run_description import RunFormat


def as_they_are(settings, dataset):
    """Settings to which a data set adds nothing."""
    return settings


def accept(settings):
    """Find no contradiction between settings."""


def nothing_beside(settings, dataset):
    """No other files in the folder, and no words about them in run.json."""
    return {}, lambda run: None


class System(NamedTuple):
    """The trainings of a paper, as its scripts begin and continue them.

    Settings are a dict: the options by name, with what follows from them.
    Those that `form.entries['arguments']` names go to run.json.

    Attributes
    ----------
    form : storage.run_description.RunFormat
        What such a run is on disk.
    training : str
        Dotted name of a module with `TRAINING`, a `Training`.
    settle : callable
        (argparse.Namespace) -> settings of a new run, which may lack what
        only the data decide. Contradictions are a UserError.
    load : callable
        (settings) -> data.Dataset, of `dataset`, `data_dir` and what else
        the paper has.
    describe : callable
        (settings, name of the data set) -> dict with title, model and
        architecture, for run.json.
    folder : callable
        (settings, name of the data set) -> the default folder of the run.
    complete : callable
        (settings, dataset) -> settings, with what the data decide.
    check : callable
        (settings or arguments in run.json) -> None; a UserError if they
        cannot be trained by, also once a run is made longer.
    beside : callable
        (settings, dataset) -> (entries of run.json, callable (run) that
        writes files into the folder), as of a teacher's labels.
    """

    form: RunFormat
    training: str
    settle: Callable
    load: Callable
    describe: Callable
    folder: Callable
    complete: Callable = as_they_are
    check: Callable = accept
    beside: Callable = nothing_beside


def seeded(arguments):
    """The generator of a run's weights and dropout, from its seed."""
    import numpy as np  # here, as above
    return np.random.RandomState(arguments['seed'])


def hard_labels(run, labels):
    """Labels as targets, int32 (n,)."""
    return labels.astype('int32')


def no_temperature(arguments):
    """Of a softmax as it is usual."""


def as_it_comes(images, targets, generator):
    """A batch without augmentation or noise."""
    return images, targets


def no_phases(arguments):
    """Of a training whose rate its step knows."""
    return ()


def keep_nothing(run, network, batches):
    """After an epoch."""


class Training(NamedTuple):
    """The science of a training: network, step, and what they are shown.

    `run` is an open storage.run_folder.RunFolder, whose description holds
    the arguments.

    Attributes
    ----------
    build : callable
        (run, dataset, generator) -> a NamedTuple with fresh weights, of
        which `logits` is the last Lasagne layer, (b, classes).
    step : callable
        (run, network) -> network.functions.TrainingStep.
    scale : callable
        (uint8 images (b, c, h, w), dtype) -> them as the network wants them.
    targets : callable
        (run, labels (n,)) -> targets of the training part, (n, ...).
    batch : callable
        (scaled images, targets, generator) -> the arguments of the step's
        `update`. The generator, a numpy.random.RandomState, is the batch's
        own: it follows from seed, epoch and batch alone, so that whatever
        is drawn of it is drawn again after an interruption.
    temperature : callable
        (arguments) -> T of the trained softmax, or None; with one, the
        history has the validation's loss at T, too.
    phases : callable
        (arguments) -> tuple of training.phases.Phase, for steps with a
        `rate`.
    generator : callable
        (arguments) -> numpy.random.RandomState of the weights, the dropout
        and the order of the samples.
    keep : callable
        (run, network, batches done) -> None, after every epoch, before its
        checkpoint.
    advice : str
        What to try besides if nothing was learnt, for the error line.
    """

    build: Callable
    step: Callable
    scale: Callable
    targets: Callable = hard_labels
    batch: Callable = as_it_comes
    temperature: Callable = no_temperature
    phases: Callable = no_phases
    generator: Callable = seeded
    keep: Callable = keep_nothing
    advice: str = ''


def training_of(system):
    """The system's `Training`; the environment has to be prepared."""
    return importlib.import_module(system.training).TRAINING
