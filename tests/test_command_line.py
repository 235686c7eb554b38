"""Mishaps that no script foresees are one line, and defects are not."""

import argparse

import pytest

import command_line


def run(name):
    """A script that imports a module which is not there."""
    def main(args, given):
        raise ModuleNotFoundError('No module named %r' % name, name=name)

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
