"""Mishaps that no script foresees are one line, and defects are not."""

import argparse

import pytest

import command_line


def run(name):
    """A script that imports a module which is not there."""
    return fail(ModuleNotFoundError('No module named %r' % name, name=name))


def fail(error):
    """A script that meets an error."""
    def main(args, given):
        raise error

    return command_line.run(main, argparse.ArgumentParser(prog='x.py'), [])


@pytest.mark.parametrize('name', ['cv2', 'skimage.metrics'])
def test_a_package_that_is_missing_is_one_line(capsys, name):
    assert run(name) == 1
    assert capsys.readouterr().err == (
        'x.py: error: %s is not installed: pip install --no-build-isolation '
        '-r requirements/run.txt\n' % name)


@pytest.mark.parametrize('name', ['metrics.gone', 'errors.gone', None])
def test_a_module_of_ours_that_is_missing_is_a_defect(name):
    with pytest.raises(ModuleNotFoundError):
        run(name)


@pytest.mark.parametrize('error', [
    ImportError('libjpeg.so.62: failed to map segment from shared object'),
    ImportError('IMPORTANT: PLEASE READ THIS\n\nOriginal error was: '
                'libopenblas.so: failed to map segment from shared object'),
    OSError('libscipy_openblas.so: failed to map segment from shared object'),
    OSError(12, 'Cannot allocate memory')])
def test_a_library_that_finds_no_memory_is_one_line(capsys, error):
    assert fail(error) == 1
    assert capsys.readouterr().err.startswith(
        'x.py: error: out of memory: free some')


def test_any_other_error_of_an_import_is_a_defect():
    with pytest.raises(ImportError):
        fail(ImportError('cannot import name x'))
