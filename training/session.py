"""A whole training, from an open run folder to its tested weights."""

import os
from typing import Any, Callable, NamedTuple

import numpy as np
import theano
from tqdm import tqdm

from data import Dataset
from metrics import classification
from network.functions import (
    TrainingStep,
    arrays,
    logits_function,
    outputs_of,
    set_arrays,
)
from network.graph_page import write_graph_page
from storage.run_folder import RunFolder
from training import checkpoint, loop
from training.conclusion import conclude, finish
from training.pictures import learning_curve, save_figure
from training.stop import Stop, Stopped
from training.system import Training, training_of


class Session(NamedTuple):
    """A run in training, and what was built and compiled for it."""

    run: RunFolder
    arguments: dict       # of the run
    dataset: Dataset
    training: Training
    temperature: Any      # T of the trained softmax, or None
    network: Any          # as `training.build` makes it
    step: TrainingStep
    logits: Callable      # of scaled images, dropout off
    targets: np.ndarray   # (n, ...), of the training part
    schedule: loop.Schedule
    shuffling: tuple      # of the generator, before the first epoch
    bar: Any = None       # of tqdm, over the batches of all epochs

    def begin(self, progress):
        """Before an epoch, or the rest of one."""
        loop.enter(self.training.phases(self.arguments), self.step, progress)

    def batch(self, indices, progress):
        """The arguments of the step's update, of training samples (b,)."""
        images = self.dataset.train.images[indices]
        return self.training.batch(
            self.arguments, self.training.scale(images, theano.config.floatX),
            self.targets[indices],
            np.random.RandomState([self.arguments['seed'], progress.epoch,
                                   progress.batch]))

    def tick(self, progress):
        """Show a finished batch."""
        self.bar.set_description(self.schedule.place(progress), False)
        self.bar.set_postfix_str('loss %.4f' % (
            progress.cross_entropy / progress.batch), False)
        self.bar.update()

    def validate(self, progress):
        """An epoch's entries of the history, of the validation part."""
        images, labels = self.dataset.validation
        figures = classification.describe(
            outputs_of(self.logits, images, self.training.scale), labels,
            self.temperature or 1.)
        entries = {'iteration': self.schedule.done(progress),
                   'validation_loss': figures['loss'],
                   'validation_loss_at_T': figures['loss_at_T'],
                   'validation_accuracy': figures['accuracy']}
        if self.schedule.unit == 'epoch':
            del entries['iteration']
        if self.temperature is None:
            del entries['validation_loss_at_T']
        return entries

    def save(self, progress):
        """Write a checkpoint."""
        # First, so that none is missing where a checkpoint says it is past.
        if not progress.batch:
            self.training.keep(self.run, self.network,
                               self.schedule.done(progress))
        checkpoint.save_checkpoint(self.run.checkpoint, self.step, progress)

    def report(self, progress):
        """Show an epoch that is over, and write the history so far."""
        form = self.run.form
        tqdm.write(checkpoint.history_line(
            progress.history[-1], form.unit, self.arguments[form.longer]))
        self.record(progress.history)

    def record(self, history):
        """Write the history and the learning curve."""
        run, title = self.run, self.run.description['title']
        checkpoint.write_history(run, history)
        save_figure(learning_curve(
            history, title, run.form.unit,
            self.network.logits.output_shape[1], self.temperature),
            run.file('curve.png'), title)


def train(system, run, dataset, graph=False):
    """Train the run's network, test it and write its files.

    Continues from the run's checkpoint where there is one.

    Parameters
    ----------
    system : training.system.System
    run : storage.run_folder.RunFolder
        Open; its description holds the arguments.
    dataset : data.Dataset
    graph : bool
        Write the compiled training graph as a page.

    Raises
    ------
    training.stop.Stopped, training.loop.Diverged, training.conclusion.Plateau
    """
    session = compile_session(system, run, dataset)
    progress = begin_or_resume(session)
    if graph:
        write_graph_page(run.file('graph.html'),
                         session.step.graph or session.step.update,
                         run.description['title'])
    conduct(session, progress)
    # Again, for a run that was killed after its last epoch's checkpoint.
    session.record(progress.history)
    if session.training.tests_training:
        run.update(train=training_accuracy(session))
    logits = outputs_of(session.logits, dataset.test.images,
                        session.training.scale)
    conclude(run, arrays(session.network), logits, dataset,
             progress.history[-1], session.temperature,
             session.training.advice)


def training_accuracy(session):
    """Of the training part as it is, dropout off: a dict for run.json."""
    part = session.dataset.train
    predictions = outputs_of(session.logits, part.images,
                             session.training.scale).argmax(axis=1)
    correct = int(np.sum(predictions == part.labels))
    return {'samples': len(predictions), 'correct': correct,
            'accuracy': correct / len(predictions)}


def test_weights(system, run, dataset, weights):
    """Test weights that were trained elsewhere, and write them as a model.

    The run's arguments that say how it was trained may be None. Arrays of the
    network that are not among the weights, by name, such as a mean image, are
    those that it is built with.
    """
    training = training_of(system)
    network = training.build(run, dataset, np.random.RandomState(0))
    set_arrays(network, {**arrays(network), **weights})
    logits = outputs_of(logits_function(network), dataset.test.images,
                        training.scale)
    finish(run, arrays(network), logits, dataset)


def compile_session(system, run, dataset):
    """Build the network and compile what a run's training takes."""
    training, arguments = training_of(system), run.description['arguments']
    targets = training.targets(run, dataset.train.labels)
    generator = np.random.RandomState(training.seed(arguments))
    network = training.build(run, dataset, generator)
    print('compiling the network (a minute or two the first time) ...',
          flush=True)
    return Session(
        run, arguments, dataset, training, training.temperature(arguments),
        network, training.step(run, network), logits_function(network),
        targets, loop.make_schedule(run.form.unit, arguments, len(targets)),
        generator.get_state())


def begin_or_resume(session):
    """The run's progress: where its checkpoint stands, or at the beginning.

    The step takes the checkpoint's arrays.
    """
    path = session.run.checkpoint
    if not os.path.exists(path):
        return checkpoint.Progress(shuffling=session.shuffling)
    progress = checkpoint.load_checkpoint(path, session.step)
    print('resumed after %s' % session.schedule.place(progress), flush=True)
    return progress


def conduct(session, progress):
    """Fit, and note in run.json how it ended if not well."""
    run, schedule = session.run, session.schedule
    run.update(status='running')
    # A bar over the batches of all epochs; none where nobody watches.
    with Stop() as stop, tqdm(
            total=schedule.batches * schedule.epochs, unit='batch',
            initial=schedule.done(progress), disable=None,
            dynamic_ncols=True) as bar:
        try:
            loop.fit(session._replace(bar=bar), progress, stop)
        except loop.Interrupted:
            run.update(status='interrupted')
            raise Stopped(
                stop.signal, ' after %s, all saved: continue with python %s '
                '--resume %s' % (schedule.place(progress), run.form.script,
                                 run.path)) from None
        except loop.Diverged:
            run.update(status='diverged')
            raise
