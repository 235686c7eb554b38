"""Half a file is never seen, whatever goes wrong while writing."""

import errno
import json
import os
import resource
import subprocess
import sys

import numpy as np
import pytest
from script_runner import ROOT

from storage.atomic import atomic_file, atomic_folder, write_json, write_npz


def test_a_failure_leaves_the_former_file_and_no_trace(tmp_path):
    path = str(tmp_path / 'file.json')
    write_json(path, [1, 2])
    with pytest.raises(ZeroDivisionError), atomic_file(path, 'w') as stream:
        stream.write('half')
        raise ZeroDivisionError
    with open(path) as stream:
        assert json.load(stream) == [1, 2]
    assert os.listdir(str(tmp_path)) == ['file.json']


def test_a_folder_is_whole_or_not_there(tmp_path):
    path = str(tmp_path / 'sub' / 'folder')
    with pytest.raises(ZeroDivisionError), atomic_folder(path) as work:
        write_json(os.path.join(work, 'half'), 1)
        raise ZeroDivisionError
    assert os.listdir(str(tmp_path / 'sub')) == []
    with atomic_folder(path) as work:
        write_json(os.path.join(work, 'whole'), 1)
        assert not os.path.exists(path)
    assert os.listdir(path) == ['whole']
    assert os.stat(path).st_mode & 0o777 == 0o777 & ~umask()
    with atomic_folder(path) as work:
        write_json(os.path.join(work, 'later'), 1)
    assert os.listdir(path) == ['whole']
    assert os.listdir(str(tmp_path / 'sub')) == ['folder']


def umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_nan_is_no_json_and_objects_are_no_arrays(tmp_path):
    path = str(tmp_path / 'file')
    with pytest.raises(ValueError):
        write_json(path, float('nan'))
    with pytest.raises(TypeError, match='object array'):
        write_npz(path, {'x': np.array([None])})
    assert os.listdir(str(tmp_path)) == []


def test_text_with_a_name_that_is_no_utf_8(tmp_path):
    with atomic_file(str(tmp_path / 'table.md'), 'w') as stream:
        stream.write('é of ' + os.fsdecode(b'\xff'))
    assert (tmp_path / 'table.md').read_text(
        encoding='utf-8') == r'é of \udcff'


def test_others_may_read_what_the_umask_lets_them(tmp_path):
    path = str(tmp_path / 'file')
    former = os.umask(0o022)
    try:
        write_json(path, 1)
    finally:
        os.umask(former)
    assert os.stat(path).st_mode & 0o777 == 0o644


def test_a_disk_that_takes_no_more_loses_nothing(tmp_path):
    path = str(tmp_path / 'file.npz')
    write_npz(path, {'x': np.arange(3)})

    def small_disk():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    result = subprocess.run(
        [sys.executable, '-c', 'import sys, numpy; from storage.atomic import '
         'write_npz; write_npz('
         'sys.argv[1], {"x": numpy.arange(10000)})', path],
        env=dict(os.environ, PYTHONPATH=ROOT, PYTHONDONTWRITEBYTECODE='1'),
        preexec_fn=small_disk, stderr=subprocess.PIPE)
    assert b'File too large' in result.stderr
    assert os.listdir(str(tmp_path)) == ['file.npz']
    with np.load(path) as arrays:
        np.testing.assert_array_equal(arrays['x'], np.arange(3))


def refusing(number):
    def refuse(*arguments):
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize('call, number', [
    ('chmod', errno.EPERM), ('chmod', errno.EOPNOTSUPP),
    ('fsync', errno.EINVAL), ('fsync', errno.ENOSYS)])
def test_a_file_system_without_modes_or_flushing(tmp_path, monkeypatch, call,
                                                 number):
    monkeypatch.setattr(os, call, refusing(number))
    write_json(str(tmp_path / 'file'), 1)
    with atomic_folder(str(tmp_path / 'folder')) as work:
        write_json(os.path.join(work, 'inner'), 2)
    assert sorted(os.listdir(str(tmp_path))) == ['file', 'folder']
    with open(str(tmp_path / 'folder' / 'inner')) as stream:
        assert json.load(stream) == 2


@pytest.mark.parametrize('call', ['chmod', 'fsync'])
@pytest.mark.parametrize('number', [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_is_broken_or_full_stops(tmp_path, monkeypatch, call,
                                             number):
    path = str(tmp_path / 'file')
    write_json(path, 1)
    monkeypatch.setattr(os, call, refusing(number))
    with pytest.raises(OSError) as caught:
        write_json(path, 2)
    assert (caught.value.errno, caught.value.filename) == (number, path)
    assert os.listdir(str(tmp_path)) == ['file']
    with open(path) as stream:
        assert json.load(stream) == 1
