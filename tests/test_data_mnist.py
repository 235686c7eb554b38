import os

import fault_server
import numpy as np
import pytest
import small_mnist

import data
from data import mnist
from data.catalogue import Unavailable
from errors import UserError

NAMES = list(small_mnist.SHAPES)
COLLECTION = small_mnist.collection()


def assert_is_small_mnist(archive):
    """Arrays, types and checksum are those of the small collection."""
    train_images, train_labels, test_images, test_labels = (
        small_mnist.arrays().values())
    assert archive.name == 'mnist'
    assert archive.checksum == small_mnist.checksum()
    for part, images, labels in (
            (archive.train, train_images, train_labels),
            (archive.test, test_images, test_labels)):
        assert part.images.dtype == part.labels.dtype == np.uint8
        np.testing.assert_array_equal(part.images,
                                      images.reshape(-1, 1, 28, 28))
        np.testing.assert_array_equal(part.labels, labels)


@pytest.mark.parametrize('packed', range(5))
def test_files_may_be_packed_or_raw_one_by_one(cache, tmp_path, packed):
    small_mnist.write(tmp_path, {
        name + '.gz': small_mnist.packed_files()[name + '.gz']
        for name in NAMES[:packed]})
    small_mnist.write(tmp_path, {
        name: small_mnist.raw_files()[name] for name in NAMES[packed:]})
    archive = mnist.load(str(tmp_path), collection=COLLECTION)
    assert_is_small_mnist(archive)
    assert archive.source == 'MNIST files in %s' % tmp_path
    state, sentence = mnist.status(str(tmp_path), COLLECTION)
    assert state == 'ready'
    assert sentence == ('MNIST is in %s (named by --data-dir), its checksums '
                        'are right' % tmp_path)


def named_folder_error(folder):
    """What `load` says of a folder named by --data-dir; status agrees."""
    with pytest.raises(UserError) as caught:
        mnist.load(str(folder), collection=COLLECTION)
    assert not isinstance(caught.value, Unavailable)
    assert mnist.status(str(folder), COLLECTION) == (
        'error', str(caught.value))
    assert '\n' not in str(caught.value)
    return str(caught.value)


def test_a_folder_that_is_none_is_an_error(cache, tmp_path):
    (tmp_path / 'file').write_bytes(b'')
    for folder in (tmp_path / 'missing', tmp_path / 'file', ''):
        said = named_folder_error(folder)
        assert 'there is no folder %r' % str(folder) in said
        assert 'without --data-dir, they are downloaded' in said


@pytest.mark.parametrize('name', NAMES)
def test_a_missing_or_bad_file_in_a_named_folder_is_an_error(
        cache, tmp_path, name):
    small_mnist.write(tmp_path, small_mnist.packed_files())
    path = tmp_path / (name + '.gz')
    path.unlink()
    assert 'holds no %s (.gz or raw)' % name in named_folder_error(tmp_path)
    path.write_bytes(b'rotten')
    said = named_folder_error(tmp_path)
    assert '%s is not a gzip file' % path in said
    assert 'put good copies into that folder, which --data-dir names' in said
    assert path.read_bytes() == b'rotten'  # never ours to mend


def test_the_variable_is_taken_as_seriously_as_the_option(
        cache, tmp_path, mirror, monkeypatch):
    monkeypatch.setenv('MNIST_DIR', str(tmp_path))
    with pytest.raises(UserError, match=r'which \$MNIST_DIR names'):
        mnist.load(collection=small_mnist.collection(mirror.url))
    assert mirror.requests == []
    small_mnist.write(tmp_path, small_mnist.raw_files())
    assert_is_small_mnist(mnist.load(collection=COLLECTION))


def test_an_empty_cache_is_filled_once(cache, mirror):
    collection = small_mnist.collection(mirror.url)
    state, sentence = mnist.status(collection=collection)
    assert state == 'download'
    assert 'to be downloaded from ' + mirror.url in sentence
    assert mirror.requests == []
    assert_is_small_mnist(mnist.load(collection=collection))
    assert len(mirror.requests) == 4
    assert mnist.status(collection=collection)[0] == 'ready'
    archive = mnist.load(collection=collection)
    assert_is_small_mnist(archive)
    assert archive.source == 'MNIST files downloaded to %s' % cache
    assert len(mirror.requests) == 4


def test_mirrors_named_by_the_variable_are_used(cache, mirror, monkeypatch):
    monkeypatch.setenv('MNIST_MIRROR', mirror.url.rstrip('/'))
    assert_is_small_mnist(mnist.load(collection=COLLECTION))


@pytest.mark.parametrize('packed', [True, False])
def test_a_rotten_file_in_the_cache_is_fetched_again(cache, mirror, packed):
    collection = small_mnist.collection(mirror.url)
    name = NAMES[2] + '.gz' * packed
    small_mnist.write(cache, small_mnist.packed_files())
    (cache / (NAMES[2] + '.gz')).unlink()
    small_mnist.write(cache, {name: b'rotten'})
    state, sentence = mnist.status(collection=collection)
    assert state == 'download'
    assert name in sentence
    assert_is_small_mnist(mnist.load(collection=collection))
    assert [asked for asked, _ in mirror.requests] == [NAMES[2] + '.gz']


def test_a_rotten_file_and_no_mirror_are_both_told(cache, mirror):
    small_mnist.write(cache, small_mnist.packed_files())
    small_mnist.write(cache, {NAMES[1] + '.gz': b'rotten'})
    mirror.faults[NAMES[1] + '.gz'] = [fault_server.status(404)]
    with pytest.raises(Unavailable) as caught:
        mnist.load(collection=small_mnist.collection(mirror.url))
    said = str(caught.value)
    assert '%s.gz is not a gzip file' % (cache / NAMES[1]) in said
    assert '%s.gz could not be downloaded' % NAMES[1] in said
    assert '%s: HTTP 404' % mirror.url in said
    assert '\n' not in said


def test_a_cache_that_cannot_be_written_is_one_line(cache, mirror):
    cache.parent.write_bytes(b'a file where the folder should be')
    with pytest.raises(Unavailable, match='cannot be written: '):
        mnist.load(collection=small_mnist.collection(mirror.url))
    assert mirror.requests == []


def test_a_complete_cache_is_never_written(cache):
    small_mnist.write(cache, small_mnist.packed_files())
    before = sorted(os.listdir(str(cache)))
    assert_is_small_mnist(mnist.load(collection=COLLECTION))
    assert sorted(os.listdir(str(cache))) == before


needs_mnist = pytest.mark.skipif(
    not os.environ.get('MNIST_DIR'),
    reason='THE REAL MNIST IS UNTESTED: set $MNIST_DIR to its four files')


@needs_mnist
def test_the_real_mnist():
    dataset = data.load('mnist')
    assert dataset.checksum == (
        'b2d8f5bf39174ee5ffeefa97e42d673c35432b411bb5d1f74fbbeddae7f1690a')
    assert [part.images.shape for part in dataset[3:6]] == [
        (50000, 1, 28, 28), (10000, 1, 28, 28), (10000, 1, 28, 28)]
    train = np.concatenate([dataset.train.labels, dataset.validation.labels])
    assert np.bincount(train).tolist() == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(dataset.test.labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert dataset.train.labels[:10].tolist() == [
        5, 0, 4, 1, 9, 2, 1, 3, 1, 4]


@needs_mnist
def test_the_scripts_split_of_the_real_mnist():
    dataset = data.load('mnist', split='script')
    assert len(dataset.train.images) == 59000
    assert len(dataset.validation.labels) == 1000
