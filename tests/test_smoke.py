"""Each system once from its script to its table, small: does it work at all?

What the figures have to be is for the tests that are marked `compiled`.
"""

import json

import numpy as np
import pytest

SYSTEMS = {
    'song': (
        ('mnist_cnn.py', '--epochs', 3, '--limit-train', 640),
        ('test1.py', '--samples', 6, '--limit', 4, '--arithmetic', 'float32',
         '--pictures', 1)),
    'bang': (
        ('bang.py', '--bang', '--iterations', 80, '--test-every', 40),
        ('attack_bang.py', '--samples', 5, '--pictures', 1))}


@pytest.mark.parametrize('system', SYSTEMS)
def test_a_model_is_trained_and_attacked(scripts, system):
    train, attack = SYSTEMS[system]
    out = scripts.succeed(*train, '--dataset', 'digits', '--out', 'model')
    assert 'test accuracy on digits' in out and out.endswith('wrote model\n')
    with open(scripts.path('model', 'run.json')) as stream:
        described = json.load(stream)
    assert described['status'] == 'finished'
    assert described['test']['accuracy'] > .2          # guessing: .1
    out = scripts.succeed(*attack, '--models', 'model', '--out', 'attack')
    assert out.endswith('wrote attack\n')
    with open(scripts.path('attack', 'attack.json')) as stream:
        results = json.load(stream)
    assert results['status'] == 'finished' and results['report'] in out
    with np.load(scripts.path('attack', 'attack.npz')) as arrays:
        assert arrays.files
