"""The comparison of trainings: its figures, and that it goes on."""

import json
import os

import pytest

from benchmarks.agreement import compare


def test_the_figures_are_those_by_hand():
    found = compare([.5, .7, .6], [.6, .7, .8])
    assert found == pytest.approx({'theano': .6, 'with_ops': .7,
                                   'difference': .1, 'deviation': .1})


@pytest.mark.slow
def test_it_trains_compares_and_keeps_what_is_done(scripts):
    command = ('benchmarks/agreement.py', '--dataset', 'digits', '--seeds',
               2, '--epochs', 5, '--ops', 'c', '--out', 'agreement.json')
    assert '2 seeds: plain Theano' in scripts.succeed(*command)
    with open(scripts.path('agreement.json')) as stream:
        found = json.load(stream)
    assert [run['seed'] for run in found['runs']['c']] == [0, 1]
    for runs in found['runs'].values():
        assert len({run['weights_sha256'] for run in runs}) == 2
    path = scripts.path(os.path.join('runs', 'agreement', 'c-seed0',
                                     'weights.npz'))
    before = os.stat(path).st_mtime_ns
    scripts.succeed(*command)
    assert os.stat(path).st_mtime_ns == before
    assert 'expected a run of seed 0, 6 epochs, digits, ops theano, found' in (
        scripts.fail(*command, '--epochs', 6))


def test_damaged_and_foreign_runs_are_one_line(scripts):
    folder = scripts.path('runs', 'agreement', 'theano-seed0')
    os.makedirs(folder)
    for text in ('{', '{"format": "else"}'):
        with open(os.path.join(folder, 'run.json'), 'w') as stream:
            stream.write(text)
        assert 'run.json: expected' in scripts.fail(
            'benchmarks/agreement.py')
        with open(os.path.join(folder, 'run.json')) as stream:
            assert stream.read() == text
    assert not os.path.exists(scripts.path('agreement.json'))
