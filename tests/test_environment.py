"""The environment's choices, in this process and in fresh ones."""

import ctypes
import importlib.metadata
import os

import pytest
from fresh_process import PREPARE, fresh

import environment
from environment import toolchain
from errors import UserError


def test_scripts_import_neither_numpy_nor_theano_before_preparing(tmp_path):
    code, out, err = fresh(
        'import sys, mnist_cnn, distill, bang, import_caffe, smooth, doctor\n'
        'import environment, command_line\n'
        'import storage.run_description, storage.run_folder\n'
        'print([name for name in ("numpy", "theano") if name in '
        'sys.modules])', tmp_path)
    assert (code, out.strip()) == (0, '[]'), err


def test_it_says_what_it_chose_in_one_line(tmp_path):
    code, out, err = fresh(PREPARE % 'float64=True, threads=1', tmp_path)
    assert code == 0, err
    line, = out.splitlines()
    assert line.startswith('environment: cpu float64, 1 threads, BLAS '
                           'scipy-openblas ')
    assert 'g++' in line


def test_settings_reach_theano_and_the_blas(tmp_path):
    code, out, err = fresh(
        'import environment; environment.prepare(threads=1)\n'
        'import theano, os, lasagne\n'
        'print(theano.config.openmp, theano.config.floatX)\n'
        'print(os.environ["OPENBLAS_NUM_THREADS"])\n'
        'print("scipy_openblas" in theano.config.blas.ldflags)\n', tmp_path)
    assert out.split() == ['True', 'float32', '1', 'True'], err


def test_the_users_flags_have_the_last_word(tmp_path):
    folder = tmp_path / 'mine'
    code, out, err = fresh(
        'import environment; environment.prepare()\nimport theano\n'
        'print(theano.config.base_compiledir, theano.config.openmp,'
        ' theano.config.gcc.cxxflags)', tmp_path,
        THEANO_FLAGS='base_compiledir=%s,openmp=False,gcc.cxxflags=-DMINE'
        % folder)
    assert code == 0, err
    compiledir, openmp, cxxflags = out.split(' ', 2)
    assert compiledir == str(folder) and openmp == 'False'
    assert '-DMINE' in cxxflags and '-Dsgemm_=scipy_sgemm_' in cxxflags


@pytest.mark.parametrize('call, words', [
    ('device="gpu"', "expected cpu or cuda0, cuda1, ..., got 'gpu'"),
    ('device="cuda0"', 'expected NVIDIA\'s driver, found no libcuda.so.1'),
    ('threads=0', '--threads: expected 1 to 1024 threads, got 0'),
    ('threads=100000', '--threads: expected 1 to 1024 threads, got 100000')])
def test_wishes_that_cannot_be_granted(tmp_path, call, words):
    code, out, err = fresh(PREPARE % call, tmp_path)
    assert code == 0, err
    assert out.startswith('refused') and words in out


def test_no_compiler(tmp_path):
    _, out, _ = fresh(PREPARE % '', tmp_path, PATH=str(tmp_path))
    assert 'refused expected a C++ compiler, found no g++' in out
    _, out, _ = fresh(PREPARE % '', tmp_path, THEANO_FLAGS='cxx=')
    assert 'refused expected a C++ compiler, but THEANO_FLAGS' in out


def test_a_second_preparation_is_refused():
    with pytest.raises(UserError, match='is imported already'):
        environment.prepare()


@pytest.mark.parametrize('name, version, words', [
    ('numpy', '1.24.0', 'expected numpy < 1.24 .*got 1.24.0'),
    ('numpy', '2.1.3', 'expected numpy < 1.24 .*got 2.1.3'),
    ('Lasagne', None, 'Lasagne is not installed')])
def test_versions_that_break_theano(monkeypatch, name, version, words):
    installed = importlib.metadata.version

    def pretend(package):
        if package != name:
            return installed(package)
        if version is None:
            raise importlib.metadata.PackageNotFoundError
        return version

    monkeypatch.setattr(importlib.metadata, 'version', pretend)
    with pytest.raises(UserError, match=words):
        toolchain.check_versions()


def test_numpy_2_is_refused_before_theano_falls_back_to_python(tmp_path):
    """A real process that finds NumPy 2's metadata first on its path."""
    metadata = tmp_path / 'numpy-2.1.0.dist-info'
    metadata.mkdir()
    (metadata / 'METADATA').write_text(
        'Metadata-Version: 2.1\nName: numpy\nVersion: 2.1.0\n')
    code, out, err = fresh(
        'import sys; sys.path.insert(0, %r)\n' % str(tmp_path)
        + PREPARE % '' + 'print("theano" in sys.modules)', tmp_path)
    assert 'refused expected numpy < 1.24' in out, err
    assert out.split()[-1] == 'False'


def test_every_symbol_that_is_renamed_is_in_the_library():
    folder = toolchain.find_blas().folder
    library = ctypes.CDLL(os.path.join(folder, 'libscipy_openblas.so'))
    for name in toolchain.BLAS_SYMBOLS:
        getattr(library, 'scipy_' + name)


@pytest.mark.parametrize('variables, expected', [
    ({'OMP_NUM_THREADS': '3'}, '3 3 1'),
    ({'OMP_NUM_THREADS': '2,1'}, '2 2,1 1'),
    ({'OMP_NUM_THREADS': '1', 'OPENBLAS_NUM_THREADS': '2'}, '1 1 2')])
def test_the_users_threads_stand(tmp_path, variables, expected):
    _, out, err = fresh(
        'from environment.processor import set_threads\nimport os\n'
        'print(set_threads(), os.environ["OMP_NUM_THREADS"],'
        ' os.environ["OPENBLAS_NUM_THREADS"])', tmp_path, **variables)
    assert out.strip() == expected, err


def test_a_variable_that_asks_for_too_many_threads_is_named(tmp_path):
    _, out, err = fresh(PREPARE % '', tmp_path, OMP_NUM_THREADS='100000')
    assert 'refused OMP_NUM_THREADS: expected 1 to 1024' in out, err


def test_flags_that_contradict_the_options_are_refused(tmp_path):
    _, out, err = fresh(PREPARE % 'float64=True', tmp_path,
                        THEANO_FLAGS='floatX=float32')
    assert 'refused THEANO_FLAGS says floatX=float32, the options say' in out
