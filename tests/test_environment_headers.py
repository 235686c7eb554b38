"""Precompiled headers: taken by g++, rebuilt when due, never in the way."""

import os
import subprocess
import sysconfig
import tempfile

import pytest
import theano
import theano.tensor as T
from theano.gof import cmodule

from environment import headers

FLAGS = ['-g0', '-fPIC']


@pytest.fixture
def short(monkeypatch):
    """A header that takes no time to compile."""
    monkeypatch.setattr(headers, 'TEXT', 'int version = 1;\n')


def commands_of(monkeypatch, folder, openmp):
    """The commands by which Theano compiles a function anew."""
    commands = []
    compile_it = cmodule.output_subprocess_Popen

    def watch(command, **options):
        commands.append(command)
        return compile_it(command, **options)

    monkeypatch.setattr(cmodule, 'output_subprocess_Popen', watch)
    monkeypatch.setattr(theano.config, 'openmp', openmp)
    before = theano.config.gcc.cxxflags
    # A definition makes modules that no cache has.
    new = '-DSEEN_%d%d' % (openmp, os.getpid())
    theano.config.gcc.cxxflags = '%s %s' % (new, before.split('-include')[0])
    headers.speed_up_compilation(theano, str(folder))
    try:
        vector = T.vector()
        function = theano.function([vector], T.tanh(vector) + 2 * vector)
        assert function([0.])[0] == 0
    finally:
        theano.config.gcc.cxxflags = before
    return [command for command in commands if new in command]


@pytest.mark.compiled
@pytest.mark.parametrize('openmp', [False, True])
def test_gpp_takes_them_for_theanos_modules(monkeypatch, tmp_path, openmp):
    commands = commands_of(monkeypatch, tmp_path, openmp)
    modules = [command for command in commands if '-shared' in command
               and ('-fopenmp' in command) == openmp]
    assert modules
    for command in modules:
        place = command.index('-o')
        watched = (command[:place] + ['-H', '-fsyntax-only']
                   + command[place + 2:])
        read = subprocess.run(watched, stderr=subprocess.PIPE,
                              text=True).stderr
        # g++ marks by an exclamation mark the precompiled one that it takes.
        taken, = [line for line in read.splitlines() if line[0] == '!']
        assert taken.endswith('openmp' if openmp else 'plain')
        assert taken[2:].startswith(str(tmp_path))


def test_they_are_built_once_and_anew_for_other_flags(short, tmp_path):
    first = headers.precompile('g++', FLAGS, str(tmp_path))
    stamp = os.stat(first + '.gch/plain').st_mtime_ns
    assert headers.precompile('g++', FLAGS, str(tmp_path)) == first
    assert os.stat(first + '.gch/plain').st_mtime_ns == stamp
    other = headers.precompile('g++', FLAGS + ['-DX'], str(tmp_path))
    assert other != first
    assert len(os.listdir(str(tmp_path))) == 2


def test_new_python_headers_want_new_ones(short, monkeypatch, tmp_path):
    """g++ itself would go on with the old."""
    (tmp_path / 'Python.h').write_text('int version = 1;\n')
    monkeypatch.setattr(sysconfig, 'get_paths',
                        lambda: {'include': str(tmp_path)})
    first = headers.precompile('g++', FLAGS, str(tmp_path))
    os.utime(str(tmp_path / 'Python.h'), ns=(1, 1))
    assert headers.precompile('g++', FLAGS, str(tmp_path)) != first


def test_a_compiler_without_them_is_let_alone(tmp_path):
    assert headers.precompile('false', FLAGS, str(tmp_path)) is None
    assert headers.precompile('no-such-compiler', FLAGS,
                              str(tmp_path)) is None
    assert headers.precompile('g++', ['--no-such-flag'],
                              str(tmp_path)) is None
    assert os.listdir(str(tmp_path)) == []


def test_blanks_and_full_disks_cost_speed_alone(monkeypatch, tmp_path):
    before = theano.config.gcc.cxxflags
    headers.speed_up_compilation(theano, '/a b')
    assert theano.config.gcc.cxxflags == before

    def full(**_):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(tempfile, 'mkdtemp', full)
    assert headers.precompile('g++', FLAGS + ['-DFULL'],
                              str(tmp_path)) is None


def test_another_process_may_be_faster(short, monkeypatch, tmp_path):
    rename = os.rename

    def late(attempt, place):
        os.mkdir(place)
        (tmp_path / os.path.basename(place) / 'theirs').write_text('')
        rename(attempt, place)

    monkeypatch.setattr(headers.os, 'rename', late)
    path = headers.precompile('g++', FLAGS, str(tmp_path))
    assert os.listdir(os.path.dirname(path)) == ['theirs']
