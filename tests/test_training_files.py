"""Run folders, checkpoints and histories."""

import csv
import json
import os

import numpy as np
import pytest
from run_description import DESCRIPTION as COMPLETE

from errors import UserError
from papers.bang.run_format import BANG
from papers.song.run_format import SONG
from storage.atomic import TEMPORARY
from storage.run_folder import existing_run, new_run
from training.checkpoint import (
    Progress,
    history_line,
    load_checkpoint,
    save_checkpoint,
    write_history,
)

DESCRIPTION = {name: value for name, value in COMPLETE.items()
               if name not in ('format', 'status')}


class Variable:
    def __init__(self, value):
        self.value = np.asarray(value)

    def get_value(self, borrow=False):
        return self.value

    def set_value(self, value):
        self.value = value


class Step:
    def __init__(self, seed, size=3):
        generator = np.random.RandomState(seed)
        self.parameters = [Variable(generator.randn(size))]
        self.velocities = [Variable(generator.randn(size))]
        self.generators = [Variable(generator.randint(9, size=(2, 6)))]
        self.state = [Variable(generator.randn(2))]


def test_a_checkpoint_restores_everything(tmp_path):
    path = str(tmp_path / 'checkpoint.npz')
    generator = np.random.RandomState(3)
    generator.randn()              # leaves a spare Gaussian in the state
    progress = Progress(generator.get_state(), 2, 5, 1 / 3, .1, 7.5,
                        [{'epoch': 1, 'loss': 1 / 7}])
    saved, restored = Step(0), Step(1)
    save_checkpoint(path, saved, progress)
    found = load_checkpoint(path, restored)
    for kind in ('parameters', 'velocities', 'generators', 'state'):
        np.testing.assert_array_equal(getattr(saved, kind)[0].value,
                                      getattr(restored, kind)[0].value)
    other = np.random.RandomState()
    other.set_state(found.shuffling)
    assert (other.randn(2) == generator.randn(2)).all()
    assert dict(vars(found), shuffling=0) == dict(vars(progress), shuffling=0)


def test_a_checkpoint_of_another_network_or_precision(tmp_path):
    path = str(tmp_path / 'checkpoint.npz')
    progress = Progress(np.random.RandomState(0).get_state())
    save_checkpoint(path, Step(0, size=4), progress)
    with pytest.raises(UserError, match=r'parameters.00 of shape \(3,\).*got '
                       r'\(4,\).*another network or precision'):
        load_checkpoint(path, Step(0))
    step = Step(0)
    step.velocities[0].value = step.velocities[0].value.astype(np.float32)
    save_checkpoint(path, step, progress)
    with pytest.raises(UserError, match='velocities.00 .*float32'):
        load_checkpoint(path, Step(0))


def test_a_file_that_is_no_checkpoint(tmp_path):
    path = tmp_path / 'checkpoint.npz'
    path.write_bytes(b'nonsense')
    with pytest.raises(UserError, match='expected an .npz'):
        load_checkpoint(str(path), Step(0))
    save_checkpoint(str(path), Step(0),
                    Progress(np.random.RandomState(0).get_state()))
    with np.load(str(path)) as arrays:
        kept = {name: arrays[name] for name in arrays.files}
    kept['progress'] = np.asarray('{"epoch": 1}')
    np.savez(str(path), **kept)
    with pytest.raises(UserError, match='place in the training'):
        load_checkpoint(str(path), Step(0))


def test_a_run_is_never_overwritten(tmp_path):
    path = str(tmp_path / 'run')
    with new_run(path, DESCRIPTION, SONG) as run:
        run.update()
    with pytest.raises(UserError, match='it holds a run: continue it'), \
            new_run(path, DESCRIPTION, SONG):
        pass


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / 'thesis.tex').write_text('...')
    with pytest.raises(UserError, match='found thesis.tex'), \
            new_run(str(tmp_path), DESCRIPTION, SONG):
        pass
    with pytest.raises(UserError, match='is a file'), \
            new_run(str(tmp_path / 'thesis.tex'), DESCRIPTION, SONG):
        pass
    with pytest.raises(UserError, match='is a file'), \
            new_run(str(tmp_path / 'thesis.tex' / 'run'), DESCRIPTION, SONG):
        pass


def test_two_processes_cannot_hold_one_run(tmp_path):
    path = str(tmp_path)
    with new_run(path, DESCRIPTION, SONG) as run:
        run.update()
        with pytest.raises(UserError, match='another process'), \
                existing_run(path, SONG):
            pass
    with existing_run(path, SONG) as run:
        assert run.description['status'] == 'running'


def test_what_a_killed_process_left_half_written_is_swept_away(tmp_path):
    with new_run(str(tmp_path), DESCRIPTION, SONG) as run:
        run.update()
    (tmp_path / ('.checkpoint.npz.x' + TEMPORARY)).write_text('half')
    with existing_run(str(tmp_path), SONG):
        pass
    assert sorted(os.listdir(str(tmp_path))) == ['.lock', 'run.json']


HISTORY = [{'epoch': 1, 'objective': 2.5, 'cross_entropy': 2.25,
            'validation_loss': 3., 'validation_loss_at_T': 2.,
            'validation_accuracy': .5, 'seconds': 1.25}]


def test_history_names_its_data_in_json_and_csv(tmp_path):
    with new_run(str(tmp_path), DESCRIPTION, SONG) as run:
        write_history(run, HISTORY)
    with open(str(tmp_path / 'history.json')) as stream:
        assert json.load(stream) == {'dataset': 'digits', 'epochs': HISTORY}
    with open(str(tmp_path / 'history.csv')) as stream:
        row, = csv.DictReader(stream)
    assert row['dataset'] == 'digits'
    assert {name: float(row[name]) for name in HISTORY[0]} == HISTORY[0]


def test_an_epoch_in_a_line():
    assert history_line(HISTORY[0], 'epoch', 50) == (
        'epoch 1/50: loss 2.2500 (objective 2.5000), validation loss 2.0000, '
        'at T = 1 3.0000, accuracy 50.00 %, 1.2 s')


def test_iterations_take_the_epochs_place(tmp_path):
    record = {name: value for name, value in dict(
        HISTORY[0], iteration=500).items() if name != 'validation_loss_at_T'}
    assert history_line(record, 'iteration', 1000) == (
        'iteration 500/1000: loss 2.2500 (objective 2.5000), validation loss '
        '3.0000, accuracy 50.00 %, 1.2 s')
    with new_run(str(tmp_path), DESCRIPTION, BANG) as run:
        write_history(run, [record])
    with open(str(tmp_path / 'history.csv')) as stream:
        assert stream.readline().split(',')[:4] == [
            'dataset', 'iteration', 'objective', 'cross_entropy']


def test_only_a_lock_remains_of_a_run_that_never_began(tmp_path):
    with new_run(str(tmp_path / 'run'), DESCRIPTION, SONG):
        pass
    assert os.listdir(str(tmp_path / 'run')) == ['.lock']
    with new_run(str(tmp_path / 'run'), DESCRIPTION, SONG) as run:
        run.update()
