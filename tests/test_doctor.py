"""doctor.py finds nothing wrong here, and what is wrong where it is."""

import argparse

import numpy as np
import pytest
import theano
import theano.tensor as T

from checks import Finding, computing
from ops.fusion import FuseBiasReLU


@pytest.mark.compiled
def test_a_sound_machine_passes(scripts):
    out = scripts.succeed('doctor.py', MNIST_DIR=None,
                          XDG_CACHE_HOME=scripts.folder)
    for subject in ('Python', 'numpy', 'Theano', 'Lasagne', 'compiler',
                    'C code', 'BLAS', 'OpenMP', 'ops', 'data', 'GPU'):
        assert any(line.split('  ')[1:2] == [subject]
                   or line[6:].startswith(subject)
                   for line in out.splitlines()), (subject, out)
    assert 'compiles and is used' in out
    assert 'GFLOP/s' in out
    assert 'ops          onednn: in the graph, within' in out
    assert out.splitlines()[-1].endswith('0 to mend')


@pytest.mark.compiled
def test_pythons_slow_fallback_is_caught(scripts):
    code, out, _ = scripts.run('doctor.py', THEANO_FLAGS='linker=py')
    assert code == 1
    assert 'FAIL  C code       compiles, but is not used for' in out


def test_python_without_docstrings_fails(scripts):
    code, out, _ = scripts.run('doctor.py', PYTHONOPTIMIZE='2')
    assert code == 1
    assert 'with -OO, but Theano reads its docstrings\n' in out


def test_a_setting_that_keeps_the_operations_out_is_to_be_unset(monkeypatch):
    monkeypatch.setenv('THEANO_FLAGS', 'optimizer=fast_compile')
    args = argparse.Namespace(ops='auto', device='cpu', float64=True)
    finding = next(computing.active(args))
    assert finding.state == 'warn'
    assert finding.fact == 'theano: THEANO_FLAGS sets optimizer=fast_compile'
    assert finding.remedy.startswith('unset mode or linker or optimizer')


def test_a_gpu_that_is_asked_for_and_missing_fails(scripts):
    code, out, _ = scripts.run('doctor.py', '--device', 'cuda0')
    assert code == 1
    assert 'FAIL  GPU' in out


@pytest.mark.compiled
def test_bad_data_fails_and_says_how_to_mend_it(scripts):
    code, out, _ = scripts.run('doctor.py', '--data-dir', scripts.folder)
    assert code == 1
    assert 'FAIL  data' in out


@pytest.mark.compiled
def test_python_nodes_are_named():
    x = T.matrix()
    assert computing.python_nodes(
        theano.function([x], T.dot(x, x).sum())) == []
    slow = theano.function([x], T.dot(x, x).sum(),
                           mode=theano.Mode('py', 'fast_run'))
    assert computing.python_nodes(slow)
    assert float(slow(np.ones((2, 2)))) == 8


@pytest.mark.compiled
def test_a_wrong_blas_fails(monkeypatch):
    monkeypatch.setattr(computing, 'SIZE', 64)
    monkeypatch.setattr(np, 'dot', lambda a, b: a @ b + 1)
    finding, = computing.blas()
    assert finding.state == 'FAIL' and 'wrong product' in finding.fact


@pytest.mark.compiled
def test_a_slow_blas_is_noticed(monkeypatch):
    monkeypatch.setattr(computing, 'SIZE', 64)
    monkeypatch.setattr(computing, 'SLOW_GEMM', 1e15)
    finding, = computing.blas()
    assert finding.state == 'warn' and 'slow' in finding.fact


@pytest.mark.compiled
def test_operations_that_are_not_in_the_graph_are_noticed(monkeypatch):
    args = argparse.Namespace(ops='auto', device='cpu', float64=True)
    finding, = computing.active(args)
    assert (finding.state, finding.fact[:16]) == ('ok', 'c: in the graph,')
    monkeypatch.setattr(FuseBiasReLU, 'apply', lambda self, fgraph: None)
    finding, = computing.active(args)
    assert finding.state == 'FAIL'
    assert 'graphs go without BiasReLUPool, BiasReLUPoolGrad' in finding.fact


@pytest.mark.compiled
def test_operations_that_compute_something_else_are_noticed(monkeypatch):
    args = argparse.Namespace(ops='auto', device='cpu', float64=True)
    monkeypatch.setattr(computing, 'twin',
                        lambda *arrays: [np.ones(())] * 4)
    finding, = computing.active(args)
    assert finding.state == 'FAIL' and 'something else' in finding.fact


def test_a_finding_prints_its_remedy_on_a_line_of_its_own():
    assert str(Finding('ok', 'x', 'fine')) == 'ok    x            fine'
    assert str(Finding('FAIL', 'x', 'bad', 'mend it')).splitlines()[1].split(
        ) == ['->', 'mend', 'it']
