"""Kill it when you like: the weights come out the same, to the last bit."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
from script_runner import ROOT, USER_FLAGS

SETTINGS = ('--dataset', 'digits', '--epochs', 2, '--limit-train', 160,
            '--temperature', 5, '--seed', 3, '--checkpoint-every', 2)


def digests(tmp_path, kills, seed):
    """What killed_training.py prints."""
    environment = dict(os.environ, PYTHONPATH=ROOT, THEANO_FLAGS=USER_FLAGS)
    out = subprocess.run(
        [sys.executable, os.path.join(ROOT, 'tests', 'killed_training.py'),
         str(tmp_path), str(kills), str(seed)], env=environment, check=True,
        stdout=subprocess.PIPE, timeout=600).stdout.decode()
    return out.split()


def test_twenty_kills_at_random_points_change_no_bit(tmp_path):
    quiet, shot, kills = digests(tmp_path, 20, 1)
    assert int(kills) == 20
    assert shot == quiet


def final_weights(scripts, run):
    """The arrays of a checkpoint: the plateau keeps tiny runs from more."""
    with np.load(scripts.path(run, 'checkpoint.npz')) as arrays:
        return {name: arrays[name] for name in arrays.files
                if name != 'progress'}


def assert_same(first, second):
    assert first.keys() == second.keys() and len(first) == 32
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], name)


def wait_for_checkpoint(process, path):
    """Until a checkpoint appears in a run that is under way."""
    for _ in range(6000):
        if os.path.exists(path):
            return
        assert process.poll() is None, process.communicate()
        time.sleep(.01)
    raise AssertionError('no checkpoint after a minute')


def test_scripts_resume_after_sigkill_and_sigint(scripts):
    code, _, _ = scripts.run('mnist_cnn.py', '--out', 'quiet', *SETTINGS)
    assert code == 3          # two epochs do not leave the plateau
    process = scripts.start('mnist_cnn.py', '--out', 'shot', *SETTINGS)
    wait_for_checkpoint(process, scripts.path('shot', 'checkpoint.npz'))
    process.kill()
    assert process.wait() == -signal.SIGKILL
    process.communicate()
    os.unlink(scripts.path('shot', 'checkpoint.npz'))  # as if none had been
    process = scripts.start('mnist_cnn.py', '--resume', 'shot')
    wait_for_checkpoint(process, scripts.path('shot', 'checkpoint.npz'))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130, err
    assert 'continue with python mnist_cnn.py --resume shot' in err
    assert '"status": "interrupted"' in read(scripts.path('shot', 'run.json'))
    code, out, _ = scripts.run('mnist_cnn.py', '--resume', 'shot')
    assert code == 3
    assert 'resumed at epoch' in out
    assert_same(final_weights(scripts, 'quiet'),
                final_weights(scripts, 'shot'))


def read(path):
    with open(path) as stream:
        return stream.read()


def test_more_epochs_are_those_of_a_longer_run(scripts):
    longer = ('--epochs', 1) + SETTINGS[4:]
    scripts.run('mnist_cnn.py', '--out', 'two', *SETTINGS)
    scripts.run('mnist_cnn.py', '--out', 'one', *SETTINGS[:2], *longer)
    scripts.run('mnist_cnn.py', '--resume', 'one', '--epochs', 2)
    assert_same(final_weights(scripts, 'two'), final_weights(scripts, 'one'))


def test_the_seed_decides_every_bit(scripts):
    runs = {}
    for name, seed in (('a', 5), ('b', 5), ('c', 6)):
        scripts.run(
            'mnist_cnn.py', '--out', name, '--dataset', 'digits', '--epochs',
            1, '--limit-train', 64, '--seed', seed,
            PYTHONHASHSEED=str(ord(name)))
        runs[name] = final_weights(scripts, name)
    assert_same(runs['a'], runs['b'])
    assert (runs['a']['parameters.00'] != runs['c']['parameters.00']).all()
