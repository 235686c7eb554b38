"""What decides bits: recorded as it is, and asked for again."""

import json
import os

import pytest
from fresh_process import fresh

from environment import bits, processor
from experiment.run_file import note_machine


@pytest.fixture
def variables(monkeypatch):
    """The process's variables, restored afterwards; none of ours is set."""
    names = bits.VARIABLES + ('OPENBLAS_CORETYPE', 'OPENBLAS_NUM_THREADS',
                              'ONEDNN_MAX_CPU_ISA')
    with monkeypatch.context() as patch:
        for name in names:
            patch.setenv(name, 'set, so that it is restored')
            patch.delenv(name)
        yield {name: lambda name=name: os.environ.get(name)
               for name in names}


def test_libraries_are_asked_for_what_was_recorded(variables, monkeypatch):
    monkeypatch.setattr(bits, 'cpu_flags', lambda: bits.AVX512 | {
        'avx2', 'fma'})
    os.environ['OMP_DYNAMIC'] = 'true'        # not so when it began
    bits.restore({'threads': 3, 'blas_threads': 4,
                  'blas': 'scipy-openblas 0.3.34 (Haswell)',
                  'onednn_isa': 'AVX2', 'variables': {
                      'OPENBLAS_L2_SIZE': '512'}})
    assert {name: read() for name, read in variables.items() if read()} == {
        'OPENBLAS_NUM_THREADS': '4', 'OPENBLAS_CORETYPE': 'Haswell',
        'ONEDNN_MAX_CPU_ISA': 'AVX2', 'OPENBLAS_L2_SIZE': '512'}


@pytest.mark.parametrize('blas', [
    'scipy-openblas 0.3.34 (SkylakeX)',     # would end the process here
    'scipy-openblas 0.3.34 (Neoverse)', 'from THEANO_FLAGS', None])
def test_kernels_that_do_not_run_here_are_not_asked_for(
        variables, monkeypatch, blas):
    monkeypatch.setattr(bits, 'cpu_flags', lambda: {'avx2', 'fma'})
    bits.restore({'threads': 1, 'blas': blas})
    assert not any(read() for read in variables.values())


def test_differences_are_told_in_words(capsys):
    before = {'versions': {'numpy': '1.23.5'}, 'machine': {
        'threads': 1, 'blas': 'a', 'processor': 'x'}}
    now = {'versions': {'numpy': '1.22.0'}, 'machine': {
        'threads': 1, 'blas': 'b', 'processor': 'x', 'blas_threads': 2}}
    assert bits.differences(before, now) == [
        'numpy was 1.23.5 and is 1.22.0', 'blas was a and is b']
    assert bits.differences({}, now) == bits.differences(now, now) == []
    assert bits.warn('runs/x', before, now, 'so what') == (
        bits.differences(before, now))
    line, = capsys.readouterr().err.splitlines()
    assert line == ('notice: runs/x: numpy was 1.23.5 and is 1.22.0, blas '
                    'was a and is b: so what')
    bits.warn('runs/x', now, now, 'nothing')
    assert capsys.readouterr().err == ''


def test_an_attack_by_other_threads_says_that_it_begins_anew(
        tmp_path, capsys):
    path = str(tmp_path / 'machine-float32.json')
    for threads, said in ((1, ''), (1, ''), (2, (
            'notice: runs/test1: threads was 1 and is 2: what it had '
            'computed is computed again, so that all of it is of one machine'
            '\n'))):
        before = {}
        if os.path.exists(path):
            with open(path) as stream:
                before = json.load(stream)
        now = {'versions': {}, 'machine': {'threads': threads}}
        note_machine('runs/test1', path, before, now)
        assert capsys.readouterr().err == said
        with open(path) as stream:
            assert json.load(stream) == now


@pytest.mark.skipif(not processor.cpu_flags() >= {'avx2', 'fma'},
                    reason='no AVX2')
def test_a_process_computes_as_the_former_did(tmp_path):
    """Whatever the variables say by now."""
    former = {'threads': 2, 'blas_threads': 1, 'onednn_isa': 'AVX2',
              'blas': 'scipy-openblas 0.3.34 (Haswell)', 'variables': {}}
    code, out, err = fresh(
        'import environment, json\n'
        'chosen = environment.prepare(former=%r)\n'
        'print(json.dumps(chosen._asdict()))' % former, tmp_path,
        OMP_NUM_THREADS='1', OPENBLAS_NUM_THREADS='2',
        ONEDNN_MAX_CPU_ISA='SSE41', OPENBLAS_L2_SIZE='256',
        OPENBLAS_CORETYPE='Prescott')
    assert code == 0, err
    found = json.loads(out)
    assert '(Haswell)' in found['blas']
    assert (found['threads'], found['blas_threads']) == (2, 1)
    if found['ops'] == 'onednn':
        assert found['onednn_isa'] == 'AVX2'
    assert found['variables'] == {}
