"""The GPU's benchmarks: every part's command parses, comparing compares."""

import importlib
import os
import shlex
import subprocess

import numpy as np
import pytest
from script_runner import ROOT

from benchmarks import gpu_correctness, gpu_speed

GROUPS = {'correctness': 4, 'models': 3, 'attacks': 4, 'speed': 4}


def commands(folder, *parts, **variables):
    """The commands that the parts would run, as lists."""
    out = subprocess.run(
        [os.path.join(ROOT, 'benchmarks', 'gpu.sh')] + list(parts),
        check=True, capture_output=True, text=True,
        env=dict(os.environ, DRY_RUN='1', **variables)).stdout
    return [shlex.split(line[2:]) for line in out.splitlines()
            if line.startswith('+ ')]


@pytest.mark.parametrize('group', GROUPS)
def test_every_parts_command_parses(tmp_path, group):
    found = commands(tmp_path, group, DEVICE='cuda1')
    assert len(found) == GROUPS[group]
    for python, script, *options in found:
        assert python == 'python'
        module = importlib.import_module(
            os.path.splitext(script)[0].replace('/', '.'))
        args = module.parser().parse_args(options)
        assert args.device == 'cuda1'


def test_without_a_part_there_are_all_and_an_unknown_one_is_refused(tmp_path):
    assert len(commands(tmp_path)) == sum(GROUPS.values())
    with pytest.raises(subprocess.CalledProcessError) as error:
        commands(tmp_path, 'sped')
    assert 'expected a part, got sped' in error.value.stderr


def values(error32, error64):
    """What four processes computed: the GPU is off by so much."""
    exact = np.linspace(1, 2, 50)
    words = np.arange(5.)
    return {'cpu float64': {'map': exact, 'random numbers': words},
            'cpu float32': {'map': exact * (1 + 1e-6),
                            'random numbers': words},
            'cuda0 float32': {'map': exact * (1 + error32),
                              'random numbers': words},
            'cuda0 float64': {'map': exact * (1 + error64),
                              'random numbers': words}}


@pytest.mark.parametrize('error32, error64, good', [
    (9e-6, 1e-13, True), (2e-5, 1e-13, False), (0, 1e-10, False),
    (np.nan, 0, False)])
def test_a_gpu_may_be_ten_times_as_far_off_as_the_cpu(error32, error64, good):
    report = gpu_correctness.compare(values(error32, error64), 'cuda0')
    assert report['map']['ok'] == good
    assert report['random numbers']['ok']


def test_random_numbers_must_be_the_same_bits():
    found = values(0, 0)
    found['cuda0 float32']['random numbers'] = np.arange(5.) + 1e-15
    assert not gpu_correctness.compare(found, 'cuda0')['random numbers']['ok']


def test_speeds_name_all_contenders():
    args = gpu_speed.parser().parse_args(['--only', 'attacks'])
    assert list(gpu_speed.contenders(args)) == ['ours', 'ours, float64',
                                                'PyTorch eager']
    rows = gpu_speed.rows('probes', {'ours'})
    assert [row[:4] for row in rows] == [
        ('probes', 1, 784, 5), ('probes', 8, 6272, 5),
        ('probes', 32, 25088, 5)]


@pytest.mark.slow
@pytest.mark.parametrize('subject', ['ops', 'training', 'maps'])
def test_two_processes_on_the_cpu_agree(scripts, subject):
    """The CPU in the GPU's place: the comparison itself runs, and holds."""
    out = scripts.succeed('benchmarks/gpu_correctness.py', '--device', 'cpu',
                          '--only', subject, '--out', 'found.json')
    count = len(out.splitlines()) - 1
    assert out.splitlines()[-1] == '%d of %d agree' % (count, count)
