"""One process a folder; file systems without locks are no obstacle."""

import errno
import fcntl
import os
import subprocess
import sys

import caffe_files
import pytest
from refusals import refusing
from script_runner import ROOT

from storage.atomic import TEMPORARY
from storage.locking import alone
from storage.run_folder import locked


def fail(number):
    def flock(stream, operation):
        raise OSError(number, os.strerror(number))

    return flock


@pytest.mark.parametrize('number', [errno.ENOLCK, errno.ENOSYS,
                                    errno.EOPNOTSUPP])
def test_without_locks_a_notice_names_the_folder(tmp_path, monkeypatch,
                                                 capsys, number):
    monkeypatch.setattr(fcntl, 'flock', fail(number))
    with alone(str(tmp_path), None) as held:
        assert not held
    line, = capsys.readouterr().err.splitlines()
    assert line == (
        'notice: %s: this file system has no locks (%s): see to it that no '
        'two processes write into this folder'
        % (tmp_path, os.strerror(number)))


def test_another_fault_is_about_the_lock(tmp_path, monkeypatch):
    monkeypatch.setattr(fcntl, 'flock', fail(errno.EIO))
    with pytest.raises(OSError) as caught, alone(str(tmp_path), None):
        pass
    assert caught.value.errno == errno.EIO
    assert caught.value.filename == str(tmp_path / '.lock')


def test_whoever_holds_a_folder_is_told_of(tmp_path):
    def busy():
        raise ZeroDivisionError

    with alone(str(tmp_path), busy) as held:
        assert held
        with pytest.raises(ZeroDivisionError), alone(str(tmp_path), busy):
            pass
    with alone(str(tmp_path), busy) as held:
        assert held


def test_a_foreign_lock_file_keeps_what_it_holds(tmp_path):
    (tmp_path / '.lock').write_text('of another program')
    with alone(str(tmp_path), None):
        pass
    assert (tmp_path / '.lock').read_text() == 'of another program'


def test_only_what_we_left_half_written_is_swept_away(tmp_path, monkeypatch):
    folder = tmp_path / ('.notes' + TEMPORARY)
    folder.mkdir()
    (tmp_path / ('mine' + TEMPORARY)).write_text('')
    ours = tmp_path / ('.run.json.x' + TEMPORARY)
    ours.write_text('{')
    with monkeypatch.context() as patch:    # another may be at work here
        patch.setattr(fcntl, 'flock', fail(errno.ENOLCK))
        with locked(str(tmp_path)):
            assert ours.exists()
    with locked(str(tmp_path)):
        assert sorted(os.listdir(str(tmp_path))) == [
            '.lock', folder.name, 'mine' + TEMPORARY]


def test_caffes_weights_are_read_without_locks(tmp_path):
    path = caffe_files.write(tmp_path / 'lenet.h5',
                             caffe_files.blobs(caffe_files.LENET))
    done = subprocess.run(
        [sys.executable, '-c', 'import sys; from papers.bang.caffe import '
         'read_caffe; print(read_caffe(sys.argv[1])[0])', path],
        env=dict(os.environ, PYTHONPATH=ROOT,
                 **refusing(tmp_path, flock=errno.ENOLCK)),
        stdout=subprocess.PIPE, check=True, text=True)
    assert done.stdout == 'lenet\n'


@pytest.mark.compiled
def test_a_training_on_a_file_system_that_offers_nothing(scripts, tmp_path):
    variables = refusing(tmp_path, flock=errno.ENOLCK, fsync=errno.EINVAL,
                         chmod=errno.EPERM)
    code, _, err = scripts.run(
        'mnist_cnn.py', '--dataset', 'digits', '--epochs', 1, '--limit-train',
        128, '--out', 'run', **variables)
    assert code in (0, 3), err           # what one epoch may come to
    assert err.count('notice: run: this file system has no locks') == 1
    assert os.path.exists(scripts.path('run', 'checkpoint.npz'))
