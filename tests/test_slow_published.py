"""A sample of the published figures, rerun: minutes, so only with -m slow.

What a clone has, weights/ and results/, must give what docs/song.md says.
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
from papers.song.network import load_network
from papers.song.run_format import SONG
from storage.model_file import load_model

NAMES = ('std', 'std-T20', 'distill')
SAMPLES = 60
WEIGHTS = {name: os.path.join(ROOT, 'weights', name) for name in NAMES}

pytestmark = pytest.mark.slow


def published(algorithm):
    path = os.path.join(ROOT, 'results', 'attacks', 'seed0',
                        'algorithm%d-paper' % algorithm, 'attack.json')
    with open(path) as stream:
        return json.load(stream)


@pytest.mark.parametrize('seed', ['', 'seed1'])
@pytest.mark.parametrize('name', NAMES)
def test_the_weights_have_the_published_accuracy(name, seed):
    model = load_model(os.path.join(ROOT, 'weights', seed, name), SONG)
    test = data.load('mnist').test
    logits = outputs_of(logits_function(load_network(model)), test.images,
                        data.scale)
    correct = int((logits.argmax(1) == test.labels).sum())
    said = model.description['test']
    assert said['samples'] == len(test.labels) == 10000
    assert abs(correct - said['correct']) <= 2


@pytest.mark.parametrize('algorithm, script', [
    (1, 'test1.py'), (2, 'test3.py')])
def test_a_sample_of_the_attacks(scripts, algorithm, script):
    theirs = published(algorithm)
    chosen = np.linspace(0, len(theirs['test_indices']) - 1,
                         SAMPLES).astype(int)
    with open(scripts.path('indices.txt'), 'w') as stream:
        for number in chosen:
            stream.write('%d\n' % theirs['test_indices'][number])
    scripts.succeed(script, '--models', *WEIGHTS.values(), '--indices',
                    'indices.txt', '--out', 'run', '--pictures', 0,
                    OMP_NUM_THREADS=None)
    with open(scripts.path('run', 'attack.json')) as stream:
        ours = json.load(stream)
    assert len(ours['attacks']) == len(theirs['attacks']) == 9
    for found, expected in zip(ours['attacks'], theirs['attacks']):
        assert (found['model'], found['arithmetic']) == (
            expected['model'], expected['arithmetic'])
        before = np.asarray(expected['samples']['success'])[chosen]
        after = np.asarray(found['samples']['success'])
        assert (before == after).mean() >= .95
        rate = found['summary']['rates']['correct']
        all_of_them = expected['summary']['rates']['correct']
        low, high = wilson(rate['count'], rate['total'])
        assert low <= all_of_them['high'] and all_of_them['low'] <= high
