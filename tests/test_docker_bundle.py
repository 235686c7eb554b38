"""The bundle's launcher and parts; docker/check-bundle.sh tries a whole one.
"""

import os
import subprocess
import sys

import pytest
from shell import DOCKER, refuse, shell, stub


@pytest.mark.parametrize('words, complaint', [
    (('--mnist', '/nowhere'), '--mnist: /nowhere is no folder'),
    (('--python', 'false'), '--python: expected Python 3.11'),
    (('--python', '/nowhere'), 'expected /nowhere, found none'),
])
def test_bundle_refuses(words, complaint, tmp_path):
    path = stub(tmp_path, 'python3.11', 'echo Python 3.11.2')
    for name in ('apt-get', 'dpkg-deb', 'git', 'xz'):
        stub(tmp_path, name, 'exit 1')
    assert complaint in refuse('bundle.sh', *words, PATH='%s:%s' % (
        path, os.environ['PATH']))


def library(path, code, *options):
    """Compile C into a shared library."""
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(['gcc', '-shared', '-fPIC', '-x', 'c', '-', '-o', str(path),
                    '-Wl,-soname,' + path.name, '-x', 'none'] + list(options),
                   input=code.encode(), check=True)
    return path


def test_scipy_computes_with_theanos_openblas(tmp_path):
    old = library(tmp_path / 'scipy.libs' / 'libopenblasp-r0.so',
                  'double dot_(double a, int n) { return 0; }'
                  'int unused_(void) { return 0; }')
    library(tmp_path / 'scipy_openblas32' / 'lib' / 'libscipy_openblas.so',
            'double scipy_dot_(double a, int n) { return a * n; }')
    module = library(tmp_path / 'scipy' / 'linalg' / 'module.so',
                     'double dot_(double, int);'
                     'double twice(double a) { return dot_(a, 2); }', str(old),
                     '-Wl,-rpath,' + str(old.parent))
    assert shell('share-openblas.sh', tmp_path)[0] == 0
    # This process may have loaded the real one, of the same name.
    program = ('import ctypes, sys; from ctypes import c_double, CDLL;'
               'twice = CDLL(sys.argv[1]).twice;'
               'twice.argtypes, twice.restype = [c_double], c_double;'
               'print(twice(1.25), hasattr(CDLL(sys.argv[2]), "unused_"))')
    found = subprocess.run([sys.executable, '-c', program, module, old],
                           stdout=subprocess.PIPE, text=True, check=True)
    assert found.stdout == '2.5 False\n'


def test_a_function_that_theanos_openblas_has_not_is_noticed(tmp_path):
    old = library(tmp_path / 'scipy.libs' / 'libopenblasp-r0.so',
                  'int odd_(void) { return 0; }')
    before = old.read_bytes()
    library(tmp_path / 'scipy_openblas32' / 'lib' / 'libscipy_openblas.so',
            'int scipy_dot_(void) { return 0; }')
    library(tmp_path / 'scipy' / 'module.so',
            'int odd_(void); int f(void) { return odd_(); }', str(old))
    code, _, err = shell('share-openblas.sh', tmp_path)
    assert code and 'scipy_odd_' in err and old.read_bytes() == before
    old.unlink()
    assert 'expected SciPy\'s OpenBLAS' in refuse('share-openblas.sh',
                                                  tmp_path)


@pytest.fixture
def bundle(tmp_path):
    """A bundle whose Python prints what it is given."""
    folder = tmp_path / 'bundle'
    stub(folder / 'usr' / 'bin', 'python3.11', 'echo "$@"',
         'echo "mnist=$MNIST_DIR"', 'echo "path=${PYTHONPATH-unset}"')
    (folder / 'code').mkdir()
    (folder / 'code' / 'doctor.py').write_text('')
    with open(os.path.join(DOCKER, 'run')) as stream:
        stub(folder, 'run', stream.read())
    return folder


def run(bundle, *words, glibc='2.36'):
    """Run a bundle's launcher, with a C library of some version."""
    path = stub(bundle.parent / 'bin', 'getconf', 'echo glibc ' + glibc)
    return shell(str(bundle / 'run'), *words, PYTHONPATH='/other',
                 MNIST_DIR='', PATH='%s:%s' % (path, os.environ['PATH']))


def test_run_finds_scripts_and_data_and_keeps_options(bundle):
    (bundle / 'mnist').mkdir()
    code, out, _ = run(bundle, 'doctor.py', '--data-dir', 'a b')
    assert code == 0 and out.splitlines() == [
        '%s/code/doctor.py --data-dir a b' % bundle,
        'mnist=%s/mnist' % bundle, 'path=unset']
    assert run(bundle, '-c', 'pass')[1].startswith('-c pass\n')
    assert run(bundle, './doctor.py')[1].startswith('./doctor.py\n')


@pytest.mark.parametrize('glibc, fits', [
    ('2.31', False), ('2.9', False), ('2.36', True), ('2.41', True)])
def test_run_refuses_an_old_c_library(bundle, glibc, fits):
    code, _, err = run(bundle, 'doctor.py', glibc=glibc)
    assert code == (0 if fits else 1)
    assert fits or 'expected glibc 2.36 or later' in err


def test_run_refuses_blanks_in_its_path_and_no_script(bundle):
    assert 'expected a script' in run(bundle)[2]
    moved = bundle.parent / 'my bundle'
    os.rename(str(bundle), str(moved))
    assert 'expected a path without blanks' in run(moved, 'doctor.py')[2]
