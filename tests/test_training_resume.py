"""Kill it when you like: the weights come out the same, to the last bit."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from script_runner import ROOT, USER_FLAGS

from papers.song.run_format import SONG
from storage.model_file import load_model

SETTINGS = ('--dataset', 'digits', '--epochs', 2, '--limit-train', 160,
            '--temperature', 5, '--seed', 3, '--checkpoint-every', 2)


def digests(system, tmp_path, kills, seed):
    """What killed_training.py prints."""
    environment = dict(os.environ, PYTHONPATH=ROOT, THEANO_FLAGS=USER_FLAGS)
    out = subprocess.run(
        [sys.executable, os.path.join(ROOT, 'tests', 'killed_training.py'),
         system, str(tmp_path), str(kills), str(seed)], env=environment,
        check=True, stdout=subprocess.PIPE, timeout=1800).stdout.decode()
    return out.splitlines()[-1].split()


@pytest.mark.parametrize('system', [
    pytest.param('song', marks=pytest.mark.compiled),
    pytest.param('tiny', marks=pytest.mark.compiled),
    pytest.param('smooth', marks=pytest.mark.slow)])   # a graph of minutes
def test_twenty_kills_at_random_points_change_no_bit(tmp_path, system):
    quiet, shot, kills = digests(system, tmp_path, 20, 1)
    assert int(kills) == 20
    assert shot == quiet


def final_state(scripts, run):
    """The arrays of a checkpoint, and its history without the seconds."""
    with np.load(scripts.path(run, 'checkpoint.npz')) as arrays:
        state = {name: arrays[name] for name in arrays.files}
    history = json.loads(str(state.pop('progress')))['history']
    for record in history:
        del record['seconds']
    state['history'] = np.asarray(json.dumps(history))
    return state


def assert_same(first, second):
    assert first.keys() == second.keys() and len(first) == 33
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], name)


def wait_for_checkpoint(process, path, former=None):
    """Until a run under way has written a checkpoint, a new one."""
    for _ in range(12000):
        if os.path.exists(path) and os.stat(path).st_mtime_ns != former:
            return os.stat(path).st_mtime_ns
        assert process.poll() is None, process.communicate()
        time.sleep(.01)
    raise AssertionError('no checkpoint after two minutes')


@pytest.mark.compiled
def test_scripts_resume_after_sigkill_and_sigint(scripts):
    """With the threads and kernels it began with, whatever is set by now."""
    both = {'OMP_NUM_THREADS': '2', 'OPENBLAS_NUM_THREADS': '2',
            'OPENBLAS_CORETYPE': 'Haswell'}
    code, _, _ = scripts.run('mnist_cnn.py', '--out', 'quiet', *SETTINGS,
                             **both)
    assert code == 3          # two epochs do not leave the plateau
    checkpoint = scripts.path('shot', 'checkpoint.npz')
    process = scripts.start('mnist_cnn.py', '--out', 'shot', *SETTINGS,
                            **both)
    written = wait_for_checkpoint(process, checkpoint)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    process = scripts.start('mnist_cnn.py', '--resume', 'shot',
                            OMP_NUM_THREADS='1', OPENBLAS_NUM_THREADS='1')
    wait_for_checkpoint(process, checkpoint, written)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130, err
    assert 'continue with python mnist_cnn.py --resume shot' in err
    with open(scripts.path('shot', 'run.json')) as stream:
        assert json.load(stream)['status'] == 'interrupted'
    code, out, err = scripts.run('mnist_cnn.py', '--resume', 'shot',
                                 OMP_NUM_THREADS=None)
    assert code == 3
    assert 'resumed after epoch' in out and 'notice' not in err
    assert_same(final_state(scripts, 'quiet'), final_state(scripts, 'shot'))
    with open(scripts.path('shot', 'run.json')) as stream:
        resumed = json.load(stream)['resumed']
    assert [process['changed'] for process in resumed] == [[], []]
    _, _, err = scripts.run('mnist_cnn.py', '--resume', 'shot', '--threads',
                            1, '--epochs', 3)
    assert ('notice: shot: threads was 2 and is 1: from here on its bits may '
            'not be those of an undisturbed run') in err.splitlines()
    with open(scripts.path('shot', 'run.json')) as stream:
        assert json.load(stream)['resumed'][-1]['changed'] == [
            'threads was 2 and is 1']


@pytest.mark.slow
def test_a_distilled_run_resumes_to_the_same_model(models, tmp_path):
    """The same options as the undisturbed runs/distill, killed half-way."""
    out = str(tmp_path / 'student')
    process = models.start(
        'distill.py', '--dataset', 'digits', '--seed', 1, '--teacher',
        'runs/std-T5', '--temperature', 5, '--epochs', 7, '--learning-rate',
        0.1, '--checkpoint-every', 7, '--out', out)
    written = wait_for_checkpoint(process, out + '/checkpoint.npz')
    wait_for_checkpoint(process, out + '/checkpoint.npz', written)
    process.kill()
    process.communicate()
    models.succeed('mnist_cnn.py', '--resume', out)
    quiet, shot = (load_model(folder, SONG) for folder in (
        models.path('runs', 'distill'), out))
    for name in quiet.weights:
        np.testing.assert_array_equal(quiet.weights[name],
                                      shot.weights[name], name)
    assert quiet.description['test'] == shot.description['test']
    with open(out + '/history.json') as stream:
        assert len(json.load(stream)['epochs']) == 7
    with open(out + '/distilled_labels.npz', 'ab') as stream:
        stream.write(b'!')
    assert 'expected the labels of SHA-256' in models.fail(
        'mnist_cnn.py', '--resume', out, '--epochs', 8)


@pytest.mark.slow
def test_more_epochs_are_those_of_a_longer_run(scripts):
    # Not the default operations, so that --resume has to remember them.
    longer = ('--epochs', 1) + SETTINGS[4:] + ('--ops', 'c')
    scripts.run('mnist_cnn.py', '--out', 'two', '--ops', 'c', *SETTINGS)
    scripts.run('mnist_cnn.py', '--out', 'one', *SETTINGS[:2], *longer)
    _, out, _ = scripts.run('mnist_cnn.py', '--resume', 'one', '--epochs', 2)
    assert ', ops c\n' in out
    assert_same(final_state(scripts, 'two'), final_state(scripts, 'one'))
    with open(scripts.path('one', 'run.json')) as stream:
        description = json.load(stream)
    for machine in (description['machine'],
                    description['resumed'][0]['machine']):
        assert machine['ops'] == 'c' and 'ops_note' not in machine
    assert '--ops cannot be given with it' in scripts.fail(
        'mnist_cnn.py', '--resume', 'one', '--ops', 'theano')


@pytest.mark.compiled
def test_the_seed_decides_every_bit(scripts):
    runs = {}
    for name, seed in (('a', 5), ('b', 5), ('c', 6)):
        scripts.run(
            'mnist_cnn.py', '--out', name, '--dataset', 'digits', '--epochs',
            1, '--limit-train', 64, '--seed', seed,
            PYTHONHASHSEED=str(ord(name)))
        runs[name] = final_state(scripts, name)
    assert_same(runs['a'], runs['b'])
    assert (runs['a']['parameters.00'] != runs['c']['parameters.00']).all()
