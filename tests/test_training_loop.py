"""The loop's bookkeeping, with a step of plain NumPy in Theano's place."""

import signal
from types import SimpleNamespace

import numpy as np
import pytest

from training.checkpoint import Progress
from training.loop import Diverged, Interrupted, fit, make_schedule


class Variable:
    """What the loop needs of a shared variable."""

    def __init__(self, value):
        self.value = np.asarray(value, float)

    def get_value(self, borrow=False):
        return self.value


class Step:
    """Adds each batch's indices to one weight; loss is what it is told."""

    def __init__(self, losses=None):
        self.weight = Variable(0.)
        self.parameters = [self.weight]
        self.state = []
        self.after = None
        self.losses = losses
        self.seen = []

    def update(self, indices, targets):
        self.seen.append(list(indices))
        self.weight.value = self.weight.value + indices.sum()
        loss = self.losses.pop(0) if self.losses else 1.
        return np.float32(loss), np.float32(loss / 2)


class Signals:
    signal = None


def make(step, size=11, batch=3, epochs=2, every=2):
    """A session, and where it saved."""
    saved = []
    schedule = make_schedule('epoch', {'batch_size': batch, 'epochs': epochs},
                             size)
    return SimpleNamespace(
        step=step, schedule=schedule, begin=lambda progress: None,
        arguments={'checkpoint_every': every},
        batch=lambda chosen, progress: (chosen, chosen),
        validate=lambda progress: {'validation': 7},
        save=lambda progress: saved.append((progress.epoch, progress.batch)),
        report=lambda progress: None, tick=lambda progress: None), saved


def start(seed=0):
    return Progress(shuffling=np.random.RandomState(seed).get_state())


def test_an_epoch_is_a_permutation_less_the_last_partial_batch():
    step = Step()
    session, _ = make(step)
    fit(session, start(), Signals())
    epochs = np.array(step.seen).reshape(2, 9)
    expected = np.random.RandomState(0)
    for epoch in epochs:
        np.testing.assert_array_equal(epoch, expected.permutation(11)[:9])


def test_history_has_means_over_the_batches():
    progress = start()
    fit(make(Step([1., 2., 6., 5., 5., 5.]))[0], progress, Signals())
    assert [record['objective'] for record in progress.history] == [3., 5.]
    assert [record['cross_entropy'] for record in progress.history] == [
        1.5, 2.5]
    assert [record['epoch'] for record in progress.history] == [1, 2]
    assert progress.history[0]['validation'] == 7
    assert progress.batch == 0 and progress.objective == 0


def test_checkpoints_come_when_due_and_after_every_epoch():
    session, saved = make(Step())
    fit(session, start(), Signals())
    assert saved == [(0, 2), (1, 0), (1, 2), (2, 0)]


@pytest.mark.parametrize('bad', [np.nan, np.inf])
def test_a_loss_that_is_no_number_stops_at_once(bad):
    step = Step([1., 1., 1., 1., bad])
    session, saved = make(step)
    with pytest.raises(Diverged, match='the loss became NaN or infinite in '
                       'epoch 2, batch 2: nothing is saved since'):
        fit(session, start(), Signals())
    assert len(step.seen) == 5
    assert saved == [(0, 2), (1, 0)]


def test_a_validation_that_is_no_number_is_never_saved():
    session, saved = make(Step(), every=100)
    progress = start()
    with pytest.raises(Diverged, match='the validation loss .* epoch 1'):
        session.validate = lambda progress: {'loss': np.nan}
        fit(session, progress, Signals())
    assert saved == [] and progress.history == []


def test_a_weight_that_is_no_number_is_never_saved():
    class Poisoned(Step):
        def update(self, indices, targets):
            result = super().update(indices, targets)
            if len(self.seen) == 2:
                self.weight.value = np.float64(np.nan)
            return result

    session, saved = make(Poisoned())
    with pytest.raises(Diverged, match='a weight .* epoch 1, batch 2'):
        fit(session, start(), Signals())
    assert saved == []


def test_a_signal_ends_after_the_batch_at_hand_with_all_saved():
    stop = Signals()

    class Signalled(Step):
        def update(self, indices, targets):
            if len(self.seen) == 3:        # the first batch of epoch 2
                stop.signal = signal.SIGINT
            return super().update(indices, targets)

    step = Signalled()
    session, saved = make(step, every=100)
    with pytest.raises(Interrupted):
        fit(session, start(), stop)
    assert saved == [(1, 0), (1, 1)]
    assert len(step.seen) == 4


def test_a_signal_in_the_very_last_batch_lets_the_run_finish():
    stop = Signals()
    stop.signal = signal.SIGINT
    session, saved = make(Step(), size=3, epochs=1)
    fit(session, start(), stop)
    assert saved == [(1, 0)]
