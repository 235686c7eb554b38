"""CIFAR by its archive or by folders: the original pixels, or refused."""

import os
import pickle

import numpy as np
import pytest
import small_cifar as small
from fault_server import FaultServer, cut, status

import data
from data import cifar, download, opcodes
from data.catalogue import Unavailable
from errors import UserError


@pytest.fixture(autouse=True)
def no_other_source(cache, monkeypatch):
    """No folder is named, and the cache is empty."""
    monkeypatch.delenv('CIFAR10_DIR', raising=False)
    return cache


def load(which, folder=None):
    return cifar.load(which, folder and str(folder))


def test_the_archive_is_read_in_its_order(tmp_path):
    archive = load(small.which(tmp_path), tmp_path)
    expected = [small.arrays(seed) for seed in range(6)]
    images = np.concatenate([pixels for pixels, _ in expected[:5]])
    np.testing.assert_array_equal(
        archive.train.images, images.reshape(-1, 3, 32, 32))
    assert archive.train.labels.tolist() == sum(
        (labels for _, labels in expected[:5]), [])
    np.testing.assert_array_equal(archive.test.images.reshape(10, -1),
                                  expected[5][0])
    assert archive.test.labels.tolist() == expected[5][1]
    assert archive.order == 'of the archive'
    for array in archive.train + archive.test:
        assert array.dtype == np.uint8 and not array.flags.writeable


@pytest.mark.parametrize('write, ending, options', [
    (small.write_folders, '.png', {}), (small.write_zips, '.png', {}),
    (small.write_zips, '.webp', {'lossless': True})])
def test_folders_give_the_same_images_in_an_order_of_their_own(
        tmp_path, write, ending, options):
    archive = load(small.which(tmp_path / 'a'), tmp_path / 'a')
    which = small.which(tmp_path / 'a')
    write(tmp_path / 'b', small.class_files(ending, **options))
    found = load(which, tmp_path / 'b')
    assert found.order == 'of the digests'
    assert found.checksum == archive.checksum
    for one, other in ((archive.train, found.train),
                       (archive.test, found.test)):
        assert sorted(map(record, *one)) == sorted(map(record, *other))
        assert not any(array.flags.writeable for array in other)


def record(image, label):
    return image.tobytes(), int(label)


def test_names_of_files_decide_no_order(tmp_path):
    which = small.which(tmp_path / 'a')
    files = small.class_files()
    small.write_zips(tmp_path / 'b', files)
    small.write_zips(tmp_path / 'c', {
        '%s/%s/%s' % (*name.split('/')[:2], name[::-1].replace(
            '/', '-') + '.png'): content
        for name, content in files.items()}, outer=False)
    first, second = (load(which, tmp_path / name) for name in 'bc')
    np.testing.assert_array_equal(first.train.images, second.train.images)
    np.testing.assert_array_equal(first.test.labels, second.test.labels)
    assert first.train.labels.tolist() != sorted(first.train.labels)


def test_a_copy_as_jpeg_is_refused_but_may_be_taken_as_it_is(tmp_path):
    which = small.which(tmp_path / 'a')
    small.write_zips(tmp_path / 'b', small.class_files('.jpg'))
    with pytest.raises(UserError, match='the training part is not that of '
                       'CIFAR-10: 50 images with the order-free digest .*a '
                       'copy as JPEG.*--dataset folder'):
        load(which, tmp_path / 'b')
    dataset = data.load('folder', str(tmp_path / 'b'), limit_train=7)
    assert (dataset.name, dataset.order) == ('folder', 'of the digests')
    assert 'CIFAR' not in data.LABELS['folder']
    assert len(dataset.train.labels) == 7
    assert dataset.validation is dataset.test
    assert dataset.checksum != load(which, tmp_path / 'a').checksum


@pytest.mark.parametrize('part', ['train', 'test'])
def test_a_missing_image_is_noticed(tmp_path, part):
    which = small.which(tmp_path / 'a')
    files = small.class_files()
    spare = [name for name in files if name.startswith(part)][0]
    files['%s/%s/again.png' % (part, spare.split('/')[1])] = files[spare]
    small.write_folders(tmp_path / 'b', files)
    with pytest.raises(UserError, match='the %s part is not that' % (
            'training' if part == 'train' else part)):
        load(which, tmp_path / 'b')


def test_other_sizes_and_classes_are_refused(tmp_path):
    which = small.which(tmp_path / 'a')
    files = {'%s/%s/0.png' % (part, name): small.picture(
        np.full((16, 16, 3), number, np.uint8))
        for part in ('train', 'test') for number, name in enumerate('ab')}
    small.write_folders(tmp_path / 'b', files)
    with pytest.raises(UserError, match='expected 10 classes of images of '
                       '32 x 32 x 3, got 2 of 16 x 16 x 3.*--dataset folder'):
        load(which, tmp_path / 'b')


def test_cifar_100_is_its_archive_alone(tmp_path):
    small.write_zips(tmp_path, small.class_files())
    with pytest.raises(UserError, match='expected cifar-100-python.tar.gz'):
        data.load('cifar100', str(tmp_path))


def test_an_archive_of_cifar_100_named_as_the_other(tmp_path):
    which = small.which(tmp_path)
    content = (tmp_path / which.archive).read_bytes()
    (tmp_path / which.archive).write_bytes(content + b'more')
    with pytest.raises(UserError, match='expected %s: it is damaged or '
                       'another file' % which.sha256):
        load(which, tmp_path)
    with pytest.raises(UserError, match='expected 6d958be0.*damaged or '
                       'another file'):
        data.load('cifar10', str(tmp_path))


def test_cifar_100_is_read_by_its_fine_labels(tmp_path):
    pixels, labels = small.arrays(0)
    raw = small.batch_pickle(pixels, [9 * label for label in labels]).replace(
        small.short(b'labels'), small.short(b'fine_labels'))
    part = cifar.parse(raw, 'it', cifar.CIFAR100, 10)
    assert part.labels.tolist() == [9 * label for label in labels]
    with pytest.raises(UserError, match='not a batch of cifar100: it has no '
                       'data and fine_labels'):
        cifar.parse(small.batch_pickle(pixels, labels), 'it', cifar.CIFAR100,
                    10)


def test_a_named_folder_with_nothing_in_it(tmp_path, monkeypatch):
    with pytest.raises(UserError, match='neither cifar-10-python.tar.gz in '
                       '.*, which --data-dir names, nor train and test'):
        data.load('cifar10', str(tmp_path))
    monkeypatch.setenv('CIFAR10_DIR', str(tmp_path / 'named'))
    with pytest.raises(UserError, match='CIFAR10_DIR names'):
        data.load('cifar10')


@pytest.fixture
def published(tmp_path):
    """A mirror of the small archive, and its `Cifar`."""
    which = small.which(tmp_path / 'published')
    content = (tmp_path / 'published' / which.archive).read_bytes()
    with FaultServer({which.archive: content}) as server:
        yield server, which._replace(mirrors=(server.url,))


def test_it_is_downloaded_once_into_the_cache(published):
    server, which = published
    first, again = load(which), load(which)
    assert server.asked(which.archive) == [None]
    assert 'song2017/cifar10' in first.source
    np.testing.assert_array_equal(first.test.images, again.test.images)


def test_a_broken_download_is_resumed(published):
    server, which = published
    server.faults[which.archive] = [cut(1000)]
    load(which)
    assert server.asked(which.archive) == [None, 'bytes=1000-']


def test_a_download_that_fails_says_what_to_do(published, monkeypatch):
    server, which = published
    server.faults[which.archive] = [status(404)]
    with pytest.raises(Unavailable, match='HTTP 404.*--data-dir or '
                       r'\$CIFAR10_DIR') as caught:
        load(which)
    assert '\n' not in str(caught.value)
    server.faults[which.archive] = [cut(500)] * 3
    with monkeypatch.context() as patch, pytest.raises(
            Unavailable, match='broke off after 500'):
        patch.setattr(download, 'TRIES', 1)
        load(which)
    assert load(which).test.labels.size == 10


def test_a_download_of_something_else_leaves_nothing(published, cache):
    server, which = published
    with pytest.raises(Unavailable, match='SHA-256'):
        load(which._replace(sha256='0' * 64))
    assert not [name for name in os.listdir(cache.parent / 'cifar10')
                if name.startswith('cifar')]


def test_an_archive_without_batches(tmp_path):
    digest = small.write_archive(tmp_path, {'readme': b''})
    with pytest.raises(UserError, match='holds no data_batch_1'):
        load(cifar.CIFAR10._replace(sha256=digest), tmp_path)


def test_an_archive_cut_short(tmp_path):
    which = small.which(tmp_path)
    path = tmp_path / which.archive
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(UserError, match='cannot be read'):
        cifar.read(which, str(path))


class Bomb:
    def __reduce__(self):
        return os.mkdir, ('bomb-of-cifar10',)


def test_a_pickle_that_would_run_something_runs_nothing():
    raw = pickle.dumps({'data': Bomb(), 'labels': [0]}, protocol=2)
    with pytest.raises(UserError, match='not an array of unsigned bytes'):
        cifar.parse(raw, 'it', cifar.CIFAR10, 1)
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
    (pickle.dumps({'data': np.zeros((10, 3072)), 'labels': [0] * 10},
                  protocol=2), 'items of type'),
    (pickle.dumps({'data': np.zeros((10, 9), 'u1'), 'labels': [0] * 10},
                  protocol=2), 'expected 10 images of 3072'),
    (small.batch_pickle(small.arrays(0)[0], [0] * 9 + [10]), '10 labels'),
    (small.batch_pickle(small.arrays(0)[0], [0, 1, 2]), '10 labels')])
def test_batches_that_are_none(raw, what):
    with pytest.raises(UserError, match=what):
        cifar.parse(raw, 'it', cifar.CIFAR10, 10)


def test_pickles_of_either_python_give_the_same_values():
    pixels, labels = small.arrays(3)
    expected = {'data': pixels, 'labels': labels, 'none': None,
                'pair': (1, -300), 'deep': [[], {'a': True}, 70000]}
    raw = pickle.dumps(expected, protocol=2)
    found = opcodes.plain_values(raw, 'it')
    np.testing.assert_array_equal(opcodes.array_of(found.pop('data'), 'it'),
                                  expected.pop('data'))
    assert found == expected
