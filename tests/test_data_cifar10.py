"""CIFAR-10's archive and its JPEG files: read right, or refused."""

import io
import os
import pickle
import tarfile

import numpy as np
import pytest
import small_cifar10 as small
from PIL import Image

import data
from data import cifar10, cifar10_jpeg, opcodes
from data.errors import DataError


def load(folder, digest):
    return cifar10.load(str(folder), digest, small.BATCH)


def test_the_archive_is_read_in_its_order(tmp_path):
    archive = load(tmp_path, small.write_archive(tmp_path))
    expected = [small.arrays(seed) for seed in range(6)]
    images = np.concatenate([pixels for pixels, _ in expected[:5]])
    np.testing.assert_array_equal(
        archive.train.images, images.reshape(-1, 3, 32, 32))
    assert archive.train.labels.tolist() == sum(
        (labels for _, labels in expected[:5]), [])
    np.testing.assert_array_equal(archive.test.images.reshape(4, -1),
                                  expected[5][0])
    assert archive.test.labels.tolist() == expected[5][1]
    for array in archive.train + archive.test:
        assert array.dtype == np.uint8 and not array.flags.writeable


def test_a_missing_archive_says_where_to_get_it(tmp_path, monkeypatch):
    with pytest.raises(DataError, match='there is no cifar-10-python.tar.gz '
                       'in .*download it from https://.*CIFAR10_DIR'):
        data.load('cifar10', str(tmp_path))
    monkeypatch.setenv('CIFAR10_DIR', str(tmp_path / 'named'))
    with pytest.raises(DataError, match='named: download'):
        data.load('cifar10')


def test_another_archive_is_refused_before_it_is_opened(tmp_path):
    small.write_archive(tmp_path)
    with pytest.raises(DataError, match='expected 6d958be0.*damaged or '
                       'another file; download'):
        data.load('cifar10', str(tmp_path))


def test_an_archive_without_batches(tmp_path):
    digest = small.write_archive(tmp_path, {'readme': b''})
    with pytest.raises(DataError, match='holds no data_batch_1'):
        load(tmp_path, digest)


def test_an_archive_cut_short(tmp_path):
    small.write_archive(tmp_path)
    path = tmp_path / cifar10.ARCHIVE
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(DataError, match='cannot be read'):
        cifar10.read(str(path), small.names(), small.BATCH)


class Bomb:
    def __reduce__(self):
        return os.mkdir, ('bomb-of-cifar10',)


def test_a_pickle_that_would_run_something_runs_nothing():
    raw = pickle.dumps({'data': Bomb(), 'labels': [0]}, protocol=2)
    with pytest.raises(DataError, match='not an array of unsigned bytes'):
        cifar10.parse(raw, 'it', 1)
    assert not os.path.exists('bomb-of-cifar10')


@pytest.mark.parametrize('raw, what', [
    (b'', 'not a pickle'),
    (b'nonsense', 'not a pickle'),
    (small.batch_pickle(*small.arrays(0))[:-3], 'not a pickle'),
    (b'\x80\x02e.', 'not a pickle'),
    (pickle.dumps(set(), protocol=4), 'the operation'),
    (pickle.dumps([1, 2], protocol=2), 'has no data'),
    (pickle.dumps({'data': 1}, protocol=2), 'has no data'),
    (pickle.dumps({'data': 1, 'labels': 1}, protocol=2), 'not an array'),
    (pickle.dumps({'data': np.zeros((4, 3072)), 'labels': [0] * 4},
                  protocol=2), 'items of type'),
    (pickle.dumps({'data': np.zeros((4, 9), 'u1'), 'labels': [0] * 4},
                  protocol=2), 'expected 4 images of 3072'),
    (small.batch_pickle(small.arrays(0)[0], [0, 1, 2, 10]), '4 labels'),
    (small.batch_pickle(small.arrays(0)[0], [0, 1, 2]), '4 labels')])
def test_batches_that_are_none(raw, what):
    with pytest.raises(DataError, match=what):
        cifar10.parse(raw, 'it', 4)


def test_pickles_of_either_python_give_the_same_values():
    pixels, labels = small.arrays(3)
    expected = {'data': pixels, 'labels': labels, 'none': None,
                'pair': (1, -300), 'deep': [[], {'a': True}, 70000]}
    raw = pickle.dumps(expected, protocol=2)
    found = opcodes.plain_values(raw, 'it')
    np.testing.assert_array_equal(opcodes.array_of(found.pop('data'), 'it'),
                                  expected.pop('data'))
    assert found == expected


@pytest.fixture
def three_a_class(monkeypatch):
    """As if CIFAR-10 had no more; the counts, to write such archives."""
    counts = {'train': 3, 'test': 3}
    monkeypatch.setattr(cifar10_jpeg, 'PER_CLASS', counts)
    return counts


def test_jpegs_have_their_classes_labels_and_one_mixed_order(tmp_path,
                                                             three_a_class):
    small.write_jpegs(tmp_path, three_a_class)
    first, again = (cifar10_jpeg.load(str(tmp_path)) for _ in range(2))
    assert first.test.labels.tolist() == sorted(list(range(10)) * 3)
    assert sorted(first.train.labels) == sorted(list(range(10)) * 3)
    assert first.train.labels.tolist() != sorted(first.train.labels)
    np.testing.assert_array_equal(first.train.images, again.train.images)
    with Image.open(io.BytesIO(small.jpeg(1000 + 20 + 4))) as picture:
        deer = np.asarray(picture).transpose(2, 0, 1)
    np.testing.assert_array_equal(first.test.images[3 * 4 + 2], deer)


@pytest.mark.parametrize('counts', [{'train': 2, 'test': 3},
                                    {'train': 3, 'test': 4}])
def test_jpegs_are_counted(tmp_path, three_a_class, counts):
    small.write_jpegs(tmp_path, counts)
    with pytest.raises(DataError, match='.tar holds [24] images of class '
                       'airplane, expected the 3 of CIFAR-10'):
        cifar10_jpeg.load(str(tmp_path))


def test_a_single_jpeg_is_no_data_set(tmp_path):
    with tarfile.open(str(tmp_path / 'train.tar'), 'w') as archive:
        small.add(archive, 'train/airplane/0000.jpg', small.jpeg(0))
    with pytest.raises(DataError, match='1 images of class airplane, '
                       'expected the 5000'):
        cifar10_jpeg.load(str(tmp_path))


def test_jpegs_are_a_data_set_of_their_own_name(tmp_path, monkeypatch,
                                                three_a_class):
    small.write_jpegs(tmp_path, three_a_class)
    monkeypatch.setenv('CIFAR10_JPEG_DIR', str(tmp_path))
    dataset = data.load('cifar10-jpeg', limit_train=7)
    assert dataset.name == 'cifar10-jpeg'
    assert 'not the original pixels' in data.LABELS[dataset.name]
    assert len(dataset.train.labels) == 7
    assert dataset.validation is dataset.test
    with pytest.raises(DataError, match='from 1 to 30, the training images '
                       'of CIFAR-10 as JPEG'):
        data.load('cifar10-jpeg', limit_train=31)


def test_jpegs_that_are_not_there(tmp_path):
    with pytest.raises(DataError, match='train.tar cannot be read: .*'
                       'CIFAR10_JPEG_DIR'):
        data.load('cifar10-jpeg', str(tmp_path))


@pytest.mark.parametrize('name, content, what', [
    ('train/cat/0000.jpg', b'nonsense', 'no image'),
    ('train/cat/0000.jpg', small.jpeg(0, 16), '16 x 16 pixels; expected 32'),
    ('train/lion/0000.jpg', small.jpeg(0), 'expected files like'),
    ('cat/0000.jpg', small.jpeg(0), 'expected files like')])
def test_archives_of_something_else(tmp_path, name, content, what):
    with tarfile.open(str(tmp_path / 'train.tar'), 'w') as archive:
        small.add(archive, name, content)
    with pytest.raises(DataError, match=what):
        cifar10_jpeg.load(str(tmp_path))


@pytest.mark.parametrize('content', [b'', b'nonsense' * 200])
def test_archives_that_are_none(tmp_path, content):
    (tmp_path / 'train.tar').write_bytes(content)
    with pytest.raises(DataError, match='not the tar file|holds 0 images'):
        cifar10_jpeg.load(str(tmp_path))
