"""What a paper tells of its trainings: all that is its own about them.

In two parts, as NumPy may be imported only once the environment is prepared.
The paper's scripts know its `System`, and a module that makes one imports
neither NumPy nor Theano. Its `Training` is imported later.

Settings are a dict: the options by name, with what follows from them. Those
that `RunFormat.entries['arguments']` names become the run's arguments. `run`
is an open storage.run_folder.RunFolder, whose description has those.
"""

import importlib
from typing import Callable, NamedTuple

from storage.run_description import RunFormat


class System(NamedTuple):
    """The trainings of a paper, as its scripts begin and continue them."""

    #: What such a run is on disk.
    form: RunFormat
    #: Dotted name of the module with `TRAINING`, a `Training`.
    training: str
    #: argparse.Namespace -> settings of a new run; contradictions are a
    #: UserError. What only the data decide may be missing.
    settle: Callable
    #: Settings, with `dataset` and `data_dir` -> data.Dataset.
    load: Callable
    #: Settings, name of the data set -> title, model and architecture.
    describe: Callable
    #: Settings, name of the data set -> the default folder.
    folder: Callable
    #: Settings, dataset -> settings with what the data decide.
    complete: Callable = lambda settings, dataset: settings
    #: Settings, or the arguments of a run that was made longer -> None; a
    #: UserError if they cannot be trained by.
    check: Callable = lambda settings: None
    #: Settings, dataset -> entries of run.json, and a function (run) that
    #: writes files into the folder, as of a teacher's labels.
    beside: Callable = lambda settings, dataset: ({}, lambda run: None)


class Training(NamedTuple):
    """The science of a training: network, step, and what they are shown."""

    #: Run, dataset, generator -> a NamedTuple with fresh weights, of which
    #: `logits` is the last Lasagne layer, (b, classes).
    build: Callable
    #: Run, network -> network.functions.TrainingStep.
    step: Callable
    #: uint8 images (b, c, h, w), dtype -> them as the network wants them.
    scale: Callable
    #: Run, labels (n,) -> targets of the training part, (n, ...).
    targets: Callable = lambda run, labels: labels.astype('int32')
    #: Arguments of the run, scaled images, targets, generator -> arguments of
    #: the step's `update`. The numpy.random.RandomState follows from seed,
    #: epoch and batch alone: what is drawn of it is drawn again after an
    #: interruption.
    batch: Callable = lambda arguments, images, targets, generator: (
        images, targets)
    #: Arguments -> T of the trained softmax, or None. With one, the history
    #: has the validation's loss at T, too.
    temperature: Callable = lambda arguments: None
    #: Arguments -> tuple of training.loop.Phase, for steps with a `rate`.
    phases: Callable = lambda arguments: ()
    #: Arguments -> what seeds the generator of weights, dropout and order.
    seed: Callable = lambda arguments: arguments['seed']
    #: Run, network, batches done -> None, after every epoch.
    keep: Callable = lambda run, network, batches: None
    #: Whether run.json says, too, how much of the training part is classified
    #: rightly, as it is, without augmentation.
    tests_training: bool = False
    #: What to try besides if nothing was learnt, for the error line.
    advice: str = ''


def training_of(system):
    """The system's `Training`; the environment has to be prepared."""
    return importlib.import_module(system.training).TRAINING
