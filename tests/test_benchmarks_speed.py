"""The benchmark's processes, and the table of what they measured."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks import speed, speed_report, speed_tables
from errors import UserError
from study.readme import between

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
        for line in speed_tables.table(RESULTS).splitlines()}
    assert rows['oneDNN ops'] == ['96 (64–128)', '', '', '87 (87–87)',
                                  '6,272 (6,272–6,272)']
    assert rows['PyTorch'][3:] == ['784 (784–784)', '']


def test_ratios_are_to_the_best_of_pytorch_and_to_plain_theano():
    lines = speed_tables.ratios(RESULTS).splitlines()
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
    assert speed_tables.costs(only, None).splitlines()[2] == (
        '| oneDNN ops | 5 s |  | 300 MiB |')
    assert '| 5 s | 5 s |' in speed_tables.costs(only, only)


def test_few_contenders_are_told_in_words():
    assert speed_tables.alone(RESULTS) == (
        'Few contenders alone, a training step of batch 128, median of 2 '
        'rounds: oneDNN ops 1500.0 ms, plain Theano 6000.0 ms, PyTorch '
        '3000.0 ms, PyTorch channels_last 2250.0 ms. oneDNN ops do 1.50 × as '
        'many as PyTorch channels_last. oneDNN ops do 4.00 × as many as '
        'plain Theano.\n')


def test_more_threads_are_compared_by_their_medians():
    one = json.loads(json.dumps(RESULTS))
    one['figures'][0]['seconds']['oneDNN ops'] = [3., 3.]
    lines = speed_tables.threads(
        dict(one, threads=1), dict(RESULTS, threads=2)).splitlines()
    assert lines[0].startswith('| 2 threads against 1 | training step')
    assert lines[2] == '| oneDNN ops | 2.25 × |  |  | 1.00 × | 1.00 × |'


def test_attacks_are_compared_round_by_round():
    way = {'samples_per_second': 4., 'slowest': 2., 'fastest': 8.}
    lines = speed_tables.attacks({'algorithm 1': {
        'ours': dict(way, rounds=[4., 8.]),
        'published way': dict(way, rounds=[2., 2.])}}).splitlines()
    assert lines[2] == '| ours | 4.00 (2.00–8.00) |'
    assert lines[4] == '| ours / published way | 3.0 × |'
    assert speed_tables.growth({'growth 1': {'1': [1., 3.], '8': [5.]}}
                               ).splitlines()[2] == (
        '| Algorithm 1 | 2.00 | 5.00 |')


def test_blocks_are_summed_beside_the_step():
    one = {'ms': 2., 'gflops': 100}
    lines = speed_tables.blocks({
        'sgemm': one, 'training step': {'ms': 5.},
        'ours conv1 forward': one, 'PyTorch conv1 forward': one,
        'ours conv1 backward': one, 'PyTorch conv1 backward': one,
    }).splitlines()
    assert lines[2] == ('| conv1 forward | 2.0 ms, 100 GFLOP/s | 2.0 ms, 100 '
                        'GFLOP/s |')
    assert lines[4:] == ['| all | 4.0 ms | 4.0 ms |',
                         '| a training step | 5.0 ms | |',
                         '| a product of matrices | | 100 GFLOP/s |']


def test_damaged_figures_are_one_line(tmp_path):
    path = tmp_path / 'two-threads.json'
    path.write_text('{')
    with pytest.raises(UserError, match='expected JSON, got'):
        speed_report.read(str(path))
    (tmp_path / 'cold.json').write_text('')
    with pytest.raises(UserError, match=r'cold.json: expected JSON'):
        speed_report.read_others(str(path))


def test_the_plot_is_a_png(tmp_path):
    path = str(tmp_path / 'speed.png')
    speed_report.draw(dict(RESULTS), path)
    with open(path, 'rb') as stream:
        assert stream.read(8) == b'\x89PNG\r\n\x1a\n'


def test_every_round_begins_with_the_next_one(monkeypatch):
    asked = []

    class Fake:
        def __init__(self, name):
            self.name = name

        def ask(self, task, batch, calls):
            asked.append((self.name, calls))
            return len(asked)

    monkeypatch.setattr(speed, 'PAUSE', 0)
    found = speed.measure({name: Fake(name) for name in 'abc'}, (
        'train', 128, 128, 3, {'a', 'b'}), 3)
    assert asked == [('a', 1), ('b', 1), ('b', 3), ('a', 3), ('a', 3),
                     ('b', 3), ('b', 3), ('a', 3)]
    assert found['seconds'] == {'a': [4, 5, 8], 'b': [3, 6, 7]}


def test_a_contender_answers_and_ends():
    contender = speed.Contender('some', dict(speed.THEANO, ops='c',
                                             float64=True, threads=1))
    try:
        assert 'float64' in contender.setup and 'ops c' in contender.setup
        assert contender.ask('probes', 1, 2) > 0
        assert contender.first['probes 1'] > 0
        assert contender.peak > 10
    finally:
        contender.end()
    assert contender.process.exitcode == 0


def test_a_contender_that_cannot_start_is_one_line():
    with pytest.raises(UserError, match='the process of some ended with'):
        speed.Contender('some', {'framework': 'theano'})


def test_without_pytorch_it_says_so(tmp_path):
    (tmp_path / 'sitecustomize.py').write_text(
        'import sys\nsys.modules["torch"] = None\n')
    done = subprocess.run(
        [sys.executable, '-B', os.path.join(speed.ROOT, 'benchmarks',
                                            'speed.py'),
         '--out', str(tmp_path / 'speed.json')], capture_output=True,
        env={**os.environ, 'PYTHONPATH': str(tmp_path)})
    assert done.returncode == 1
    assert os.listdir(tmp_path) == ['sitecustomize.py']
    assert b'expected PyTorch, found none' in done.stderr


def test_the_page_holds_the_table_of_the_committed_results():
    path = os.path.join(speed.ROOT, 'results', 'speed', 'two-threads.json')
    with open(os.path.join(speed.ROOT, speed_report.PAGE),
              encoding='utf-8') as stream:
        page = stream.read()
    assert between(speed_report.MARK, speed_tables.marked_lines(
        speed_report.read(path), speed_report.read_others(path))) in page
