"""Theano and Lasagne import, or say in one line why not."""

import sys

import pytest
from fresh_process import PREPARE, fresh

from environment import imports

#: Finds no setuptools and nothing of it, as if it were not installed.
WITHOUT = '''
import sys
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in ("pkg_resources", "setuptools"):
            raise ModuleNotFoundError("no " + name, name=name)
sys.meta_path.insert(0, Finder)
for name in list(sys.modules):
    if name.partition(".")[0] in ("setuptools", "pkg_resources", "distutils",
                                  "_distutils_hack"):
        del sys.modules[name]
'''
ENDS = PREPARE % 'threads=1, ops="theano"'


def test_lasagne_does_without_pkg_resources(tmp_path):
    code, out, err = fresh(
        WITHOUT + ENDS + 'import lasagne\n'
        'print(lasagne.__version__, "pkg_resources" in sys.modules)',
        tmp_path, SETUPTOOLS_USE_DISTUTILS='stdlib')
    assert code == 0, err
    assert out.splitlines()[1] == '0.1 False', out


def test_the_real_pkg_resources_stays(monkeypatch):
    monkeypatch.setitem(sys.modules, 'pkg_resources', imports)
    with imports.package_versions():
        assert sys.modules['pkg_resources'] is imports
    assert sys.modules['pkg_resources'] is imports


@pytest.mark.parametrize('name, library', [
    ('lasagne', 'Lasagne'), ('theano.gof', 'Theano')])
def test_a_library_that_does_not_import(tmp_path, name, library):
    code, out, err = fresh('import sys\nsys.modules[%r] = None\n%s'
                           % (name, ENDS), tmp_path)
    assert code == 0, err
    assert out.startswith('refused %s does not import (ModuleNotFoundError'
                          % library), out
    assert 'install the tested set' in out


def test_settings_that_theano_does_not_know(tmp_path):
    _, out, err = fresh(ENDS, tmp_path, THEANO_FLAGS='openmp=maybe',
                        THEANORC='my.rc')
    assert 'refused Theano does not import' in out, err
    assert 'mend its settings in THEANO_FLAGS or my.rc' in out


def test_docstrings_are_needed(tmp_path):
    _, out, err = fresh(ENDS, tmp_path, PYTHONOPTIMIZE='2')
    assert 'refused expected docstrings' in out, err
    assert 'got Python\'s -OO: leave it out' in out
