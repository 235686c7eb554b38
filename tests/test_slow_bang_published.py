"""A sample of BANG's published figures, rerun: minutes, only with -m slow.

What a clone has, weights/ and results/bang/, must give what docs/bang.md says.
Another machine rounds otherwise, so single samples may differ; the intervals
may not.
"""

import json
import os

import numpy as np
import pytest
from script_runner import ROOT

import data
from metrics.proportions import wilson
from network.functions import logits_function, outputs_of
from papers.bang.attack_names import ATTACKS
from papers.bang.networks import load_network
from papers.bang.paper import PAPER
from papers.bang.run_format import BANG
from papers.bang.settings import LENET_50000
from storage.model_file import load_model
from study.ledger import read_ledger

MODELS = ('R0', 'B1')
SAMPLES = 200
WEIGHTS = {name: os.path.join(ROOT, 'weights', 'bang-' + name)
           for name in MODELS}

pytestmark = pytest.mark.slow


@pytest.mark.parametrize('name', MODELS)
def test_the_weights_have_the_published_accuracy(name):
    model = load_model(WEIGHTS[name], BANG)
    test = data.load('mnist').test
    logits = outputs_of(logits_function(load_network(model)), test.images,
                        np.ndarray.astype)
    correct = int((logits.argmax(1) == test.labels).sum())
    said = model.description['test']
    assert said['samples'] == len(test.labels) == 10000
    assert abs(correct - said['correct']) <= 2


def test_a_sample_of_the_attacks(scripts):
    ledger = read_ledger(PAPER, os.path.join(ROOT, PAPER.options.ledger))
    rows = {row['model']: row['attacks'] for row in ledger['models']
            if row['table'] == LENET_50000}      # which these weights are of
    scripts.succeed('attack_bang.py', '--models', *WEIGHTS.values(),
                    '--samples', SAMPLES, '--seed', 3, '--out', 'run',
                    '--pictures', 0, OMP_NUM_THREADS=None)
    with open(scripts.path('run', 'attack.json')) as stream:
        ours = json.load(stream)['models']
    assert len(ours) == len(MODELS)
    for name, found in zip(MODELS, ours):
        assert set(found['attacks']) == set(ATTACKS)
        for attack, one in found['attacks'].items():
            said = rows[name][attack]
            low, high = wilson(one['rate']['count'], one['rate']['total'])
            assert low <= said['high'] and said['low'] <= high, attack
            if one['rate']['count']:
                reach = 4 * said['l_infinity']['deviation'] / one['rate'][
                    'count'] ** .5
                assert abs(one['l_infinity']['mean']
                           - said['l_infinity']['mean']) <= reach, attack
