"""What the machine refuses is one line, about what it is about."""

import errno
import os
import subprocess
import sys

import pytest
from script_runner import ROOT

import mishaps
from mishaps import os_error_line


def error(number, *path):
    return OSError(number, os.strerror(number), *path)


@pytest.mark.parametrize('number, words', [
    (errno.EMFILE, 'Too many open files'),
    (errno.ENOSPC, 'the disk is full: free some space')])
def test_an_error_about_no_file_says_what_the_system_says(number, words):
    assert os_error_line(error(number)) == words
    assert os_error_line(error(number, 'f')) == 'f: ' + words
    assert os_error_line(error(number, b'f')) == 'f: ' + words


def test_what_is_no_error_of_the_systems():
    assert os_error_line(OSError('odd')) == 'odd'


@pytest.fixture
def closed_to_us(monkeypatch):
    """Modes count, though root runs the tests."""
    def access(path, mode):
        return os.stat(path).st_mode & 0o700 & (mode * 0o100) != 0

    monkeypatch.setattr(mishaps.os, 'access', access)


def test_reading_and_writing_are_told_apart(tmp_path, closed_to_us):
    file, folder = tmp_path / 'run.json', tmp_path / 'folder'
    file.write_text('')
    file.chmod(0o200)
    folder.mkdir(0o600)
    for path, words in (
            (file, 'this user may not read it'),
            (folder, '%s is closed to this user' % folder),
            (folder / 'run' / '.lock', '%s is closed to this user' % folder),
            (tmp_path / 'new' / 'file', 'choose another folder')):
        assert os_error_line(error(errno.EACCES, str(path))) == (
            '%s: permission denied: %s' % (path, words))


#: A script that does something within `command_line.run`.
FRAME = '''
import argparse, os, sys, command_line
def main(args, given):
    %s
sys.exit(command_line.run(main, argparse.ArgumentParser(prog='x.py'), []))
'''


def run(body, redirection='', **variables):
    """Exit code, stdout and stderr of such a script under a shell."""
    done = subprocess.run(
        ['sh', '-c', 'exec "$0" -c "$1" ' + redirection, sys.executable,
         FRAME % body], env=dict(os.environ, PYTHONPATH=ROOT, **variables),
        capture_output=True, text=True)
    assert 'Traceback' not in done.stderr and 'ignored' not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_a_deleted_working_directory_is_said_so(tmp_path):
    script = 'os.chdir(sys.argv[1]); os.rmdir(sys.argv[1]); %s'.replace(
        'sys.argv[1]', repr(str(tmp_path / 'gone')))
    for what in ('os.path.abspath("x")', 'os.makedirs("runs/x")'):
        (tmp_path / 'gone').mkdir()
        assert run(script % what) == (
            1, '', 'x.py: error: the folder that this was started in is '
            'gone: change into one that is there\n')


def test_a_full_disk_behind_standard_output():
    assert run('print("x")', '>/dev/full', PYTHONUNBUFFERED='') == (
        1, '', 'x.py: error: standard output: the disk is full: free some '
        'space\n')
    assert run('print("x")', '>/dev/full', PYTHONUNBUFFERED='1') == (
        1, '', 'x.py: error: the disk is full: free some space\n')


def test_closed_streams_stop_nothing_and_no_file_takes_their_place(tmp_path):
    path = str(tmp_path / 'file')
    body = ('print("out", flush=True); sys.stderr.write("err"); '
            'file = open(%r, "w"); os.system("echo lost; echo lost >&2"); '
            'file.write("kept"); return 5' % path)
    assert run(body, '2>&-') == (5, 'out\nlost\n', '')
    assert run(body, '>&-') == (5, '', 'errlost\n')
    assert run(body, '<&- >&- 2>&-') == (5, '', '')
    with open(path) as stream:
        assert stream.read() == 'kept'


def test_what_a_stream_cannot_encode_is_shown_as_a_number():
    assert run('print("ε ± \\udcff")', PYTHONIOENCODING='ascii') == (
        0, '\\u03b5 \\xb1 \\udcff\n', '')
    assert run('print("\\udcff")', PYTHONIOENCODING='utf-8') == (
        0, '\\udcff\n', '')
