"""What is decoded once is kept whole, or not at all."""

import errno
import hashlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from data import decoded
from errors import UserError

IMAGES = np.random.RandomState(0).randint(0, 256, (9, 3, 5, 4)).astype(
    np.uint8)
LABELS = np.arange(9, dtype=np.uint8)


@pytest.fixture(autouse=True)
def shelf(cache):
    return cache.parent / 'decoded'


def decode(write):
    write(IMAGES[:4], LABELS[:4])
    write(IMAGES[4:], LABELS[4:])


def never(write):
    raise AssertionError('decoded again')


def kept(shelf):
    """The only folder of images, and the names of all."""
    names = sorted(name for name in os.listdir(str(shelf))
                   if name != '.lock')
    return shelf / names[0], names


def test_images_of_any_strides_come_back_as_they_were(shelf):
    part, checksum = decoded.keep('it', lambda write: write(
        IMAGES[::-1].transpose(0, 1, 3, 2), LABELS[::-1]))
    np.testing.assert_array_equal(part.images,
                                  IMAGES[::-1].transpose(0, 1, 3, 2))
    np.testing.assert_array_equal(part.labels, LABELS[::-1])
    assert not part.images.flags.writeable
    assert not part.labels.flags.writeable
    assert type(part.images) is np.ndarray
    assert checksum == hashlib.sha256(
        part.images.tobytes() + part.labels.tobytes()).hexdigest()


def test_the_source_decides_what_is_decoded(shelf):
    first, checksum = decoded.keep('it', decode)
    again, same = decoded.keep('it', never)
    assert checksum == same
    np.testing.assert_array_equal(first.images, again.images)
    with pytest.raises(AssertionError, match='decoded again'):
        decoded.keep('another', never)


@pytest.mark.parametrize('name, damage', [
    ('images-and-labels', lambda raw: raw[:-1]),
    ('images-and-labels', lambda raw: raw + b'x'),
    ('images-and-labels', lambda raw: raw[:50] + b'?' + raw[51:]),
    ('images-and-labels', lambda raw: b''),
    ('about.json', lambda raw: raw[:-9]),
    ('about.json', lambda raw: b'[]'),
    ('about.json', lambda raw: json.dumps(dict(
        json.loads(raw.decode()), shape=[8, 3, 5, 4])).encode()),
    ('about.json', lambda raw: json.dumps(dict(
        json.loads(raw.decode()), shape=None)).encode()),
    ('about.json', None), ('images-and-labels', None)])
def test_what_was_damaged_is_decoded_again(shelf, name, damage):
    decoded.keep('it', decode)
    folder, _ = kept(shelf)
    if damage:
        (folder / name).write_bytes(damage((folder / name).read_bytes()))
    else:
        (folder / name).unlink()
    part, _ = decoded.keep('it', decode)
    np.testing.assert_array_equal(part.images, IMAGES)
    np.testing.assert_array_equal(part.labels, LABELS)
    decoded.keep('it', never)


def test_what_fails_or_was_killed_leaves_nothing(shelf):
    def fail(write):
        decode(write)
        raise UserError('it is damaged')

    with pytest.raises(UserError, match='^it is damaged$'):
        decoded.keep('it', fail)
    assert os.listdir(str(shelf)) == ['.lock']
    decoded.keep('it', decode)
    folder, _ = kept(shelf)
    # As a kill leaves them: of this one, and of another.
    (shelf / ('.%s.ab.half-written' % folder.name)).mkdir()
    (shelf / '.other.ab.half-written').mkdir()
    (folder / 'about.json').unlink()
    decoded.keep('it', decode)
    assert kept(shelf)[1] == ['.other.ab.half-written', folder.name]


def test_a_full_disk_is_one_line(shelf):
    def fill(write):
        decode(write)
        raise OSError(errno.ENOSPC, 'No space left on device')

    with pytest.raises(UserError, match='decoded images cannot be kept in .* '
                       r'\(No space left on device\): set \$XDG_CACHE_HOME'
                       ) as caught:
        decoded.keep('it', fill)
    assert '\n' not in str(caught.value)


def test_without_a_cache_there_is_no_place(monkeypatch, tmp_path):
    monkeypatch.delenv('XDG_CACHE_HOME')
    monkeypatch.setenv('HOME', 'not/absolute')
    with pytest.raises(UserError, match='no home directory to keep decoded'):
        decoded.keep('it', decode)
    (tmp_path / 'file').write_text('')
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'file'))
    with pytest.raises(UserError, match='cannot be kept in .*Not a directory'):
        decoded.keep('it', decode)


def test_images_of_two_shapes_or_of_numbers_are_a_mistake():
    with pytest.raises(TypeError, match='uint8 images of one shape'):
        decoded.keep('it', lambda write: (
            write(IMAGES, LABELS), write(IMAGES[:, :2], LABELS)))
    with pytest.raises(TypeError, match='got float64'):
        decoded.keep('it', lambda write: write(IMAGES / 255, LABELS))


SCRIPT = '''
import sys, time
import numpy as np
from data import decoded

def decode(write):
    print('decoding', flush=True)
    time.sleep(1)
    write(np.zeros((2, 1, 2, 2), np.uint8), np.zeros(2, np.uint8))

decoded.keep('it', decode)
'''


def test_two_processes_decode_once():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    processes = [subprocess.Popen(
        [sys.executable, '-c', SCRIPT], cwd=root, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, universal_newlines=True) for _ in range(2)]
    outputs = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    assert sorted(out for out, _ in outputs) == ['', 'decoding\n']
    assert sum('Another process is decoding' in err
               for _, err in outputs) == 1
