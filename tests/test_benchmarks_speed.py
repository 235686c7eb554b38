"""The benchmark's processes, and the table of what they measured."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks import speed, speed_report
from errors import UserError

#: Two rounds of seconds a call.
RESULTS = {
    'contenders': {
        'oneDNN ops': {'peak_MiB': 300.4, 'seconds_to_start': 2.,
                       'seconds_to_first_call': {'train 128': 3.2}},
        'plain Theano': {}, 'PyTorch': {}, 'PyTorch channels_last': {}},
    'figures': [
        {'task': 'train', 'batch': 128, 'images': 128, 'seconds': {
            'oneDNN ops': [1., 2.], 'plain Theano': [4., 8.],
            'PyTorch': [2., 4.], 'PyTorch channels_last': [1.5, 3.]}},
        {'task': 'probes', 'batch': 8, 'images': 6272, 'seconds': {
            'oneDNN ops': [1., 1.]}},
        {'task': 'brute_probes', 'batch': 1, 'images': 784, 'seconds': {
            'oneDNN ops': [9., 9.], 'PyTorch': [1., 1.]}}]}


def test_the_table_holds_medians_and_ranges():
    rows = {line.split('|')[1].strip(): [
        cell.strip() for cell in line.split('|')[2:-1]]
        for line in speed_report.table(RESULTS).splitlines()}
    assert rows['oneDNN ops'] == ['96 (64–128)', '', '', '87 (87–87)',
                                  '6,272 (6,272–6,272)']
    assert rows['PyTorch'][3:] == ['784 (784–784)', '']


def test_ratios_are_to_the_best_of_pytorch_and_to_plain_theano():
    lines = speed_report.ratios(RESULTS).splitlines()
    assert lines == [
        '- training step, batch 128: oneDNN ops do 1.50 × as many as PyTorch '
        'channels_last',
        '- probes by whole images: oneDNN ops do 0.11 × as many as PyTorch',
        '- probes by receptive field: oneDNN ops do 8.00 × as many as '
        'PyTorch by whole images',
        '- training step, batch 128: oneDNN ops do 4.00 × as many as plain '
        'Theano']


def test_costs_are_those_of_the_first_step_and_the_peak():
    only = dict(RESULTS, contenders={
        'oneDNN ops': RESULTS['contenders']['oneDNN ops']})
    assert speed_report.costs(only, None).splitlines()[2] == (
        '| oneDNN ops | 5 s |  | 300 MiB |')
    assert '| 5 s | 5 s |' in speed_report.costs(only, only)


def test_the_plot_is_a_png(tmp_path):
    path = str(tmp_path / 'speed.png')
    speed_report.draw(dict(RESULTS), path)
    with open(path, 'rb') as stream:
        assert stream.read(8) == b'\x89PNG\r\n\x1a\n'


def test_a_contender_answers_and_ends(monkeypatch):
    monkeypatch.setitem(speed.CONTENDERS, 'some', dict(
        speed.THEANO, ops='c', float64=True))
    contender = speed.Contender('some', 1)
    try:
        assert 'float64' in contender.setup and 'ops c' in contender.setup
        assert 0 < contender.ask('probes', 1, 2) <= contender.first[
            'probes 1']
        assert contender.peak > 10
    finally:
        contender.end()
    assert contender.process.returncode == 0


def test_a_contender_that_cannot_start_is_one_line(monkeypatch):
    monkeypatch.setitem(speed.CONTENDERS, 'some', {'framework': 'theano'})
    with pytest.raises(UserError, match='the process of some ended with'):
        speed.Contender('some', 1)


def test_without_pytorch_it_says_so(tmp_path):
    if 'torch' in sys.modules or speed.importlib.util.find_spec('torch'):
        pytest.skip('PyTorch is installed')
    done = subprocess.run(
        [sys.executable, os.path.join(speed.ROOT, 'benchmarks', 'speed.py'),
         '--out', str(tmp_path / 'speed.json')], capture_output=True)
    assert done.returncode == 1 and not list(tmp_path.iterdir())
    assert b'expected PyTorch, found none' in done.stderr


def test_readme_holds_the_table_of_the_committed_results():
    folder = os.path.join(speed.ROOT, 'results', 'speed')
    with open(os.path.join(folder, 'two-threads.json')) as stream:
        results = json.load(stream)
    with open(speed_report.README, encoding='utf-8') as stream:
        marked = speed_report.MARKED.search(stream.read()).group(0)
    cold = speed_report.read_cold(os.path.join(folder, 'two-threads.json'))
    assert speed_report.marked_lines(results, cold) in marked
