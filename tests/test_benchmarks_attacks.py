"""The benchmark compares like with like, and runs."""

import json

import numpy as np
import pytest
from toy_models import random_task

from benchmarks.published_way import publish
from saliency.attack import attack


@pytest.mark.parametrize('algorithm', [1, 2, 3, 4])
def test_the_published_way_fools_the_same_samples(algorithm):
    model, x, y = random_task(np.random.default_rng(3), 16)
    outcome = attack(model, x, y, np.arange(16), algorithm, 6)
    one_by_one = [publish(model, x[k:k + 1], y[k:k + 1], algorithm, 6)
                  for k in range(16)]
    assert 0 < sum(one_by_one) < 16
    np.testing.assert_array_equal(one_by_one, outcome.success)


@pytest.mark.compiled
def test_it_times_every_way_and_writes_json(models, tmp_path):
    out = str(tmp_path / 'speed.json')
    printed = models.succeed(
        'benchmarks/attacks.py', '--model', 'runs/std', '--no-torch',
        '--algorithms', 1, '--samples', 4, '--limit', 3, '--rounds', 2,
        '--growth', 1, 2,
        '--out', out)
    with open(out) as stream:
        results = json.load(stream)
    ways = results['algorithm 1']
    assert set(ways) == {'ours', 'ours, brute force', 'published way'}
    for way in ways.values():
        assert len(way['rounds']) == 2
        assert way['samples'] == 4
        assert way['slowest'] <= way['samples_per_second'] <= way['fastest']
    assert {count: len(rounds) for count, rounds in
            results['growth 1'].items()} == {'1': 2, '2': 2}
    assert results['data'] == 'digits (8x8, not MNIST)'
    assert 'Algorithm 1, published way' in printed
    assert results['command'].startswith('python ')


def test_a_missing_model_is_one_line(scripts):
    assert 'expected a run folder' in scripts.fail(
        'benchmarks/attacks.py', '--model', 'nowhere', '--no-torch')
