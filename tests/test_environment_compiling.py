"""Processes that compile into one directory at a time: all end well."""

import errno
import os
import pickle
import signal
import subprocess
import sys

import pytest
import theano
from script_runner import ROOT
from theano.gof import cmodule

from environment import compile_lock, imports
from storage import locking

PROGRAM = os.path.join(ROOT, 'tests', 'compiling_process.py')


def start(folder, *words):
    """Start compiling_process.py on a compile directory."""
    settings = dict(os.environ, PYTHONPATH=ROOT,
                    THEANO_FLAGS='base_compiledir=%s' % folder)
    return subprocess.Popen(
        [sys.executable, PROGRAM] + [str(word) for word in words],
        env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        universal_newlines=True)


def finish(process, seconds=400):
    """What a process that ended well printed."""
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, err
    complaints = [line for line in err.splitlines()
                  if 'notice: waiting' not in line]
    assert complaints == []
    return out


@pytest.mark.slow
def test_eight_processes_share_an_empty_directory(tmp_path):
    """One graph four times, four others once, while one process is killed
    with the lock in its hands and another holds it for over a minute."""
    numbers = [0, 0, 0, 0, 1, 2, 3, 4]
    folder = tmp_path / 'shared'
    doomed = start(folder, 'hold', 1000)
    assert doomed.stdout.readline() == 'holding\n'
    slow = start(folder, 'hold', 75)
    compiling = [start(folder, 'graph', number) for number in numbers]
    doomed.send_signal(signal.SIGKILL)
    doomed.communicate()
    found = [finish(process) for process in compiling]
    finish(slow)
    alone = {number: finish(start(tmp_path / 'alone', 'graph', number))
             for number in set(numbers)}
    assert found == [alone[number] for number in numbers]
    assert len(set(alone.values())) == len(alone)
    assert '.half-written' not in ' '.join(
        name for _, _, names in os.walk(str(folder)) for name in names)


def test_the_lock_is_one_process_s_until_it_ends(tmp_path):
    folder = str(tmp_path / 'compiledir')
    with compile_lock.acquire(folder) as stream:
        code = subprocess.run(
            ['flock', '--nonblock', folder + '.lock', 'true']).returncode
        assert code == 1 and not stream.closed
    assert subprocess.run(
        ['flock', '--nonblock', folder + '.lock', 'true']).returncode == 0


def test_a_long_wait_is_told_with_the_owner(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(compile_lock, 'PATIENCE', 0)
    folder = str(tmp_path / 'compiledir')
    owner = compile_lock.acquire(folder)
    looks = []

    def sleep(seconds):
        looks.append(seconds)
        if len(looks) == 3:
            owner.close()

    monkeypatch.setattr(locking.time, 'sleep', sleep)
    compile_lock.acquire(folder).close()
    assert capsys.readouterr().err == (
        'notice: waiting for process %d, which compiles into %s\n'
        % (os.getpid(), folder))
    assert len(looks) == 3


@pytest.mark.parametrize('everywhere', [False, True])
def test_a_file_system_without_locks(tmp_path, monkeypatch, capsys,
                                     everywhere):
    """A file in the temporary folder serves this machine, if that has."""
    flock = locking.fcntl.flock
    private = tmp_path / 'private'
    private.mkdir()
    monkeypatch.setattr(compile_lock, 'private_directory',
                        lambda: str(private))

    def refuse(stream, operation):
        if everywhere or 'private' not in stream.name:
            raise OSError(errno.ENOLCK, 'No locks available')
        flock(stream, operation)

    monkeypatch.setattr(locking.fcntl, 'flock', refuse)
    with compile_lock.acquire(str(tmp_path / 'compiledir')) as stream:
        assert (os.path.dirname(stream.name) == str(private)) != everywhere
    assert ('no file system here has locks' in capsys.readouterr().err
            ) == everywhere


def test_an_exception_gives_the_lock_back():
    with pytest.raises(ZeroDivisionError), compile_lock.lock_ctx():
        assert compile_lock.get_lock.n_lock == 1
        raise ZeroDivisionError
    assert compile_lock.get_lock.n_lock == 0


def test_theano_locks_by_ours():
    assert cmodule.compilelock is compile_lock
    assert theano.config.on_opt_error == 'raise'


def test_a_reader_never_sees_half_a_key_file(tmp_path, monkeypatch):
    """The former one stays until the new one is whole."""
    path = str(tmp_path / 'key.pkl')
    keys = cmodule.KeyData({(('version',), 'a')}, 'hash', path, 'entry')
    imports.save_key(keys)
    keys.keys.add((('version',), 'b'))

    def fail(source, target):
        raise OSError(errno.ENOSPC, 'full')

    monkeypatch.setattr('storage.atomic.os.replace', fail)
    with pytest.raises(OSError):
        imports.save_key(keys)
    with open(path, 'rb') as stream:
        assert len(pickle.load(stream).keys) == 1
    assert os.listdir(str(tmp_path)) == ['key.pkl']


def test_keys_that_cannot_be_kept_leave_no_file(tmp_path):
    path = str(tmp_path / 'key.pkl')
    (tmp_path / 'key.pkl').write_bytes(b'former')
    keys = cmodule.KeyData({(('version',), Unpicklable())}, 'hash', path, '')
    with pytest.raises(pickle.PicklingError):
        imports.save_key(keys)
    assert os.listdir(str(tmp_path)) == []


class Unpicklable:
    def __reduce__(self):
        raise pickle.PicklingError('never')


@pytest.mark.compiled
def test_modules_that_are_gone_are_compiled_once_more(tmp_path):
    process = start(tmp_path, 'lose', 1)
    out, err = process.communicate(timeout=400)
    assert process.returncode == 0, err
    first, again = out.splitlines()
    assert first == again
