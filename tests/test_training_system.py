"""The training flow is told a system: here the tiny one, and its science."""

import json
import os
import re
import signal
from types import SimpleNamespace

import numpy as np
import pytest
import tiny_system
import tiny_training
from PIL import Image
from script_runner import ROOT, Scripts

from metrics.classification import guessing
from storage.model_file import load_model, read_weights
from storage.run_folder import RunFolder
from training.checkpoint import SHARED, Progress
from training.conclusion import on_plateau, table
from training.loop import Interrupted, Phase, enter, fit, make_schedule
from training.session import (
    Session,
    begin_or_resume,
    compile_session,
    training_accuracy,
)
from training.stop import Stop

ARGUMENTS = {'seed': 3, 'epochs': 4, 'batch_size': 10, 'checkpoint_every': 1}
#: Of the tests: four batches an epoch, two phases of two epochs.
IMAGES = 40


class Variable:
    """What a phase needs of a shared variable."""

    def __init__(self, value):
        self.value = np.asarray(value, np.float32)
        self.dtype = self.value.dtype

    def get_value(self, borrow=False):
        return self.value

    def set_value(self, value):
        self.value = value


class Step:
    """One that is at rate 7, and moving."""

    def __init__(self):
        self.rate = Variable(7)
        self.velocities = [Variable([1, 2])]


@pytest.mark.parametrize('epoch, batch, rate, still', [
    (0, 0, .5, True), (0, 3, .5, False), (1, 0, .5, False),
    (2, 0, .25, True), (2, 1, .25, False), (9, 0, .25, False)])
def test_a_phase_begins_with_a_new_optimiser_at_its_own_rate(
        epoch, batch, rate, still):
    step = Step()
    progress = Progress(shuffling=(), epoch=epoch, batch=batch)
    enter((Phase(0, .5), Phase(2, .25)), step, progress)
    assert step.rate.value == rate and step.rate.value.dtype == np.float32
    assert (not step.velocities[0].value.any()) == still


def test_without_phases_the_step_is_left_alone():
    step = Step()
    enter((), step, Progress(shuffling=()))
    assert step.rate.value == 7 and step.velocities[0].value.any()


def test_iterations_take_the_samples_in_turn():
    schedule = make_schedule('iteration', {
        'batch_size': 4, 'test_every': 3, 'iterations': 9}, 10)
    assert (schedule.batches, schedule.epochs) == (3, 3)
    order = np.concatenate([schedule.order(epoch, None)
                            for epoch in range(3)])
    np.testing.assert_array_equal(order, np.arange(36) % 10)
    progress = Progress(shuffling=(), epoch=2, batch=1)
    assert schedule.place(progress) == 'iteration 7'


@pytest.mark.parametrize('classes, accuracy, expected', [
    (10, .499, True), (10, .5, False), (5, .59, True), (5, .61, False),
    (2, .89, True), (200, .39, True), (200, .41, False)])
def test_the_plateau_is_the_guess_among_the_classes(classes, accuracy,
                                                    expected):
    assert on_plateau(guessing(classes), accuracy, classes) == expected
    assert not on_plateau(.9 * guessing(classes), accuracy, classes)


def test_a_matrix_of_many_classes_is_not_printed():
    figures = {'wilson_95': [.1, .2], 'accuracy': .15, 'correct': 15,
               'samples': 100}
    few, many = (table(dict(figures, confusion=np.eye(classes)), 'digits')
                 for classes in (5, 200))
    assert len(few.splitlines()) == 8 and len(many.splitlines()) == 1


def test_the_document_quotes_the_tiny_system():
    """docs/adding-a-paper.md: a change here is to be made there, too."""
    with open(os.path.join(ROOT, 'docs', 'adding-a-paper.md'),
              encoding='utf-8') as stream:
        quotes = re.findall(r'(?s)<!-- from (\S+) -->\n```python\n(.*?)```',
                            stream.read())
    assert len(quotes) == 6
    for path, quote in quotes:
        with open(os.path.join(ROOT, path), encoding='utf-8') as stream:
            assert quote in stream.read(), (path, quote)


def few(dataset):
    """The first samples of every part."""
    return dataset._replace(**{name: type(part)(*(
        array[:IMAGES] for array in part)) for name, part in (
            ('train', dataset.train), ('validation', dataset.validation))})


@pytest.fixture(scope='module')
def session(tmp_path_factory):
    """The tiny system's, compiled, in an empty folder."""
    run = RunFolder(str(tmp_path_factory.mktemp('tiny')),
                    {'arguments': ARGUMENTS}, tiny_system.FORM)
    return compile_session(tiny_system.SYSTEM, run,
                           few(tiny_system.load({})))


def values(session):
    """Of every variable that the step changes."""
    return {kind: [shared.get_value() for shared in
                   getattr(session.step, kind)] for kind in SHARED}


def run_on(session, stop_after=None):
    """Train from the checkpoint, or the beginning; signalled on the way."""
    progress, stop = begin_or_resume(session), Stop()

    class Signalled(Session):
        def tick(self, progress):
            if self.schedule.done(progress) == stop_after:
                stop.signal = signal.SIGINT

        def report(self, progress):
            pass

    fit(Signalled(*session), progress, stop)
    return progress


def scramble(session, generator):
    """What another process has in its variables, or worse."""
    for kind in SHARED:
        for shared in getattr(session.step, kind):
            shared.set_value(generator.randn(*shared.get_value().shape))
    session.step.rate.set_value(np.asarray(99.))


@pytest.mark.compiled
def test_a_run_stopped_anywhere_ends_with_the_same_bits(session, tmp_path):
    """Within phases and at their borders, with noise, running mean and all."""
    start = values(session)
    start['parameters'][2] *= 3            # columns much longer than 1

    def again(name):
        for kind in SHARED:
            for shared, value in zip(getattr(session.step, kind),
                                     start[kind]):
                shared.set_value(value)
        folder = tmp_path / name
        folder.mkdir()
        return session._replace(run=RunFolder(
            str(folder), session.run.description, session.run.form))

    quiet = again('quiet')
    history = [dict(record, seconds=0) for record in run_on(quiet).history]
    expected = values(quiet)
    norms = np.sqrt((expected['parameters'][2] ** 2).sum(axis=0))
    assert norms.max() < 1 + 1e-12                    # projected
    assert expected['state'][0].any()
    for place in range(1, 16):
        shot = again(str(place))
        with pytest.raises(Interrupted):
            run_on(shot, place)
        scramble(shot, np.random.RandomState(place))
        found = run_on(shot)
        assert [dict(record, seconds=0)
                for record in found.history] == history
        for kind, arrays in values(shot).items():
            for ours, theirs in zip(arrays, expected[kind]):
                np.testing.assert_array_equal(ours, theirs)


@pytest.mark.compiled
def test_a_batch_is_the_same_whenever_it_is_made(session):
    def made(seed, epoch, batch):
        other = session._replace(arguments=dict(ARGUMENTS, seed=seed))
        return other.batch(np.arange(5), Progress(
            shuffling=(), epoch=epoch, batch=batch))

    first = made(3, 1, 2)
    assert [array.shape for array in first] == [
        (5, 3, 8, 8), (5,), (5, 3, 8, 8)]
    for ours, again in zip(first, made(3, 1, 2)):
        np.testing.assert_array_equal(ours, again)
    for others in (made(4, 1, 2), made(3, 2, 2), made(3, 1, 3),
                   made(3, 2, 1)):
        assert (others[2] != first[2]).all()


@pytest.mark.compiled
def test_the_hook_comes_after_every_update(session):
    seen = []
    step = session.step._replace(
        update=lambda *batch: seen.append('update') or (1., 1.),
        after=lambda: seen.append('after'))

    class Quiet(Session):
        def save(self, progress):
            pass

        report = tick = save

    fit(Quiet(*session._replace(step=step)), Progress(
        shuffling=np.random.RandomState(0).get_state()), Stop())
    assert seen == ['update', 'after'] * 16


def test_training_accuracy_is_of_the_training_part_as_it_is():
    dataset = tiny_system.load({})
    images, labels = dataset.train.images, dataset.train.labels

    def logits(shown):
        """Right but for the first seven images."""
        places = [np.flatnonzero((images == image).all((1, 2, 3)))[0]
                  for image in np.round(255 * shown).astype(np.uint8)]
        return np.eye(5)[(labels[places] + (np.array(places) < 7)) % 5]

    found = training_accuracy(SimpleNamespace(
        dataset=dataset, logits=logits, training=tiny_training.TRAINING))
    assert found == {'samples': 600, 'correct': 593, 'accuracy': 593 / 600}


@pytest.fixture(scope='module')
def trained(tmp_path_factory):
    """Scripts in a folder with a run of the tiny system."""
    scripts = Scripts(tmp_path_factory.mktemp('script'))
    scripts.printed = scripts.succeed(
        'tests/tiny_system.py', '--epochs', 6, '--save-errors', 4, '--graph')
    return scripts


@pytest.mark.compiled
def test_the_script_leaves_a_model_with_its_running_mean(trained):
    folder = trained.path('runs', 'tiny-seed0')
    assert sorted(name for name in os.listdir(folder) if name[0] != '.') == [
        'checkpoint.npz', 'confusion.png', 'curve.png', 'errors.png',
        'graph.html', 'history.csv', 'history.json', 'run.json',
        'weights.npz']
    model = load_model(folder, tiny_system.FORM)
    assert model.weights['centre.mean'].any()
    assert np.shape(model.description['test']['confusion']) == (5, 5)
    assert model.description['test']['accuracy'] > .6
    assert model.description['train']['samples'] == 600
    assert model.description['train']['accuracy'] > .6
    assert model.description['trained_epochs'] == 6
    with open(os.path.join(folder, 'history.csv')) as stream:
        assert stream.readline().strip() == (
            'dataset,epoch,objective,cross_entropy,validation_loss,'
            'validation_accuracy,seconds')
    with Image.open(os.path.join(folder, 'errors.png')) as image:
        colours = np.asarray(image.convert('RGB'), int)
    assert np.ptp(colours, axis=2).max() > 100             # not all grey


@pytest.mark.compiled
def test_the_written_model_is_the_one_that_was_tested(trained):
    """The mean of weights.npz, and not a batch's, centres the test."""
    from network.functions import logits_function, outputs_of, set_arrays
    folder = trained.path('runs', 'tiny-seed0')
    network = tiny_training.build(None, None, np.random.RandomState(0))
    set_arrays(network, read_weights(
        os.path.join(folder, 'weights.npz'), tiny_system.FORM.shapes['tiny']))
    test = tiny_system.load({}).test
    found = outputs_of(logits_function(network), test.images,
                       tiny_training.scale)
    with open(os.path.join(folder, 'run.json')) as stream:
        expected = json.load(stream)['test']
    assert abs((found.argmax(axis=1) == test.labels).sum()
               - expected['correct']) <= 1        # float64 here, 32 there


@pytest.mark.compiled
def test_the_script_resumes_and_refuses_as_all_do(trained):
    assert 'nothing to do (more: --epochs N)' in trained.succeed(
        'tests/tiny_system.py', '--resume', 'runs/tiny-seed0')
    assert 'resumed after epoch 7, batch 0' in trained.succeed(
        'tests/tiny_system.py', '--resume', 'runs/tiny-seed0', '--epochs', 7)
    assert '--seed cannot be given with it' in trained.fail(
        'tests/tiny_system.py', '--resume', 'runs/tiny-seed0', '--seed', 3)
    assert 'format song2017-run/1, got something else' in trained.fail(
        'mnist_cnn.py', '--resume', 'runs/tiny-seed0')


def test_an_epoch_has_a_whole_batch(scripts):
    line = scripts.fail('tests/tiny_system.py', '--batch-size', 601)
    assert line == ('tiny_system.py: error: --batch-size: expected at most '
                    'the 600 training samples, got 601')
    assert not os.path.exists(scripts.path('runs'))
