"""What decides bits: recorded as it is, and asked for again."""

import json
import os

import pytest
from fresh_process import fresh

from attacking.worker import read_machine
from environment import Environment, bits, processor, provenance
from errors import UserError
from storage.attack_file import note_machine
from storage.run_description import check_machine


@pytest.fixture
def variables(monkeypatch):
    """The process's variables, restored afterwards; none of ours is set."""
    names = bits.VARIABLES + ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS',
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
        'OMP_NUM_THREADS': '3',
        'OPENBLAS_NUM_THREADS': '4', 'OPENBLAS_CORETYPE': 'Haswell',
        'ONEDNN_MAX_CPU_ISA': 'AVX2', 'OPENBLAS_L2_SIZE': '512'}


@pytest.mark.parametrize('blas', [
    'scipy-openblas 0.3.34 (SkylakeX)',     # would end the process here
    'scipy-openblas 0.3.34 (Neoverse)', 'from THEANO_FLAGS', None])
def test_kernels_that_do_not_run_here_are_not_asked_for(
        variables, monkeypatch, blas):
    monkeypatch.setattr(bits, 'cpu_flags', lambda: {'avx2', 'fma'})
    bits.restore({'threads': 1, 'blas': blas})
    assert {name: read() for name, read in variables.items() if read()} == {
        'OMP_NUM_THREADS': '1', 'OPENBLAS_NUM_THREADS': '1'}


def test_a_blas_of_the_users_own_gets_its_core_back(variables):
    os.environ['OPENBLAS_CORETYPE'] = 'SkylakeX'
    bits.restore({'threads': 1, 'blas': 'from THEANO_FLAGS', 'variables': {
        'OPENBLAS_CORETYPE': 'Haswell'}})
    assert bits.variables(own_blas=True) == {'OPENBLAS_CORETYPE': 'Haswell'}
    assert bits.variables(own_blas=False) == {}


def test_only_variables_that_decide_bits_are_set(variables):
    bits.restore({'threads': 1, 'variables': {'LD_PRELOAD': '/theirs.so'}})
    assert os.environ.get('LD_PRELOAD') != '/theirs.so'


def test_differences_are_told_in_words(capsys):
    before = {'versions': {'numpy': '1.23.5'}, 'machine': {
        'threads': 1, 'blas': 'a', 'processor': 'x'}}
    now = {'versions': {'numpy': '1.22.0'}, 'machine': {
        'threads': 1, 'blas': 'b', 'processor': 'x', 'blas_threads': 2}}
    assert bits.differences(before, now) == [
        'numpy was 1.23.5 and is 1.22.0', 'blas was a and is b']
    assert bits.differences({}, now) == bits.differences(now, now) == []
    assert bits.differences({'machine': {'settings': 'mode=X'}}, {
        'versions': {}, 'machine': {'settings': ''}}) == [
            'settings was mode=X and is none']
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


def test_blocks_of_another_machine_are_others(monkeypatch):
    chosen = Environment('cpu', 'float32', 1, 'blas', 'g++', '/here', 'c', '',
                         '', '', 1, '', {})
    here = provenance.decisive(chosen)
    assert provenance.decisive(chosen._replace(compiledir='/there')) == here
    assert provenance.decisive(chosen._replace(threads=2)) != here
    monkeypatch.setattr(provenance, 'processor', lambda: 'another')
    assert provenance.decisive(chosen) != here


@pytest.mark.parametrize('text', [
    '{', '[]', '{"machine": "x"}', '{"machine": {"device": "cpu"}}',
    '{"machine": {"threads": "2"}}', '{"machine": {"threads": 0}}',
    '{"machine": {"threads": 1, "variables": {"OMP_DYNAMIC": 1}}}',
    '{"machine": {"threads": 1, "variables": null}}',
    '{"machine": {"threads": 1, "blas": 5}}',
    '{"machine": {"threads": 1, "blas_threads": "abc"}}',
    '{"machine": {"threads": 1, "onednn_isa": 7}}'])
def test_a_damaged_record_of_a_machine(tmp_path, text):
    """One line where it is the user's file, ignored where it is a block's."""
    path = tmp_path / 'attack.json'
    path.write_text(text)
    assert read_machine(str(path)) == {}
    if text.startswith('{"'):
        with pytest.raises(UserError, match='attack.json: expected '):
            check_machine(json.loads(text), str(path))


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
