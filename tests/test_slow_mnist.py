"""One epoch of real MNIST: minutes, so only with -m slow."""

import json

import pytest


@pytest.mark.slow
def test_one_epoch_of_mnist_at_temperature_1_is_above_96_percent(scripts):
    scripts.succeed('mnist_cnn.py', '--dataset', 'mnist', '--epochs', 1,
                    '--out', 'run', OMP_NUM_THREADS=None)
    with open(scripts.path('run', 'run.json')) as stream:
        test = json.load(stream)['test']
    assert test['samples'] == 10000
    assert test['accuracy'] > .96
