"""Images in folders of classes or zips: decoded right, once, or refused."""

import os
import zipfile

import numpy as np
import pytest
import small_cifar as small

from data import class_folders
from errors import UserError

NOISE = np.random.RandomState(0).randint(0, 256, (6, 5, 3)).astype(np.uint8)


def pictures(count=2, size=None, classes='abc'):
    """{part/class/name: bytes}, no two images alike."""
    return {'%s/%s/%d.png' % (part, name, number): small.picture(
        np.roll(NOISE, 7 * place + number + 50 * (part == 'test')))
        for part in class_folders.PARTS
        for place, name in enumerate(classes) for number in range(count)}


def read(folder):
    return class_folders.read(str(folder))


@pytest.fixture(autouse=True)
def empty_cache(cache):
    return cache


@pytest.mark.parametrize('write', [small.write_folders, small.write_zips])
def test_labels_are_the_classes_in_the_alphabet(tmp_path, write):
    write(tmp_path, pictures())
    train, test, classes = read(tmp_path)
    assert classes == ['a', 'b', 'c']
    assert train.labels.tolist() == test.labels.tolist() == [0, 0, 1, 1, 2, 2]
    assert train.images.shape == (6, 3, 6, 5)
    np.testing.assert_array_equal(
        train.images[3].transpose(1, 2, 0), np.roll(NOISE, 8))


def test_grey_images_have_one_channel(tmp_path):
    small.write_folders(tmp_path, {
        '%s/%s/0.png' % (part, name): small.picture(NOISE[:, :, 0])
        for part in class_folders.PARTS for name in 'ab'})
    assert read(tmp_path)[0].images.shape == (2, 1, 6, 5)


def test_images_are_decoded_once_and_again_when_a_file_changes(
        tmp_path, monkeypatch):
    files = pictures()
    small.write_zips(tmp_path, files)
    first = read(tmp_path)
    decoded = []
    original = class_folders.decode
    monkeypatch.setattr(class_folders, 'decode', lambda raw, label: (
        decoded.append(label), original(raw, label))[1])
    again = read(tmp_path)
    assert not decoded
    np.testing.assert_array_equal(first[0].images, again[0].images)
    files['test/a/0.png'] = small.picture(np.roll(NOISE, 1000 % 90))
    small.write_zips(tmp_path, files)
    changed = read(tmp_path)
    assert len(decoded) == 6
    np.testing.assert_array_equal(
        changed[1].images[0].transpose(1, 2, 0), np.roll(NOISE, 1000 % 90))


def test_a_damaged_cache_is_not_needed(tmp_path, cache):
    small.write_folders(tmp_path, pictures())
    first = read(tmp_path)
    kept = cache.parent / 'decoded'
    assert len(os.listdir(kept)) == 2
    for path in kept.iterdir():
        path.write_bytes(path.read_bytes()[:100])
    np.testing.assert_array_equal(first[0].images, read(tmp_path)[0].images)


@pytest.mark.parametrize('content, what', [
    (b'nonsense', 'no image that can be read'),
    (small.picture(NOISE)[:60], 'no image that can be read'),
    (small.picture(np.zeros((6, 5), np.uint16)), 'is 16 bits a pixel|32 bits'),
    (small.picture(np.zeros((6, 5, 4), np.uint8)), 'RGB with transparency'),
    (small.picture(np.zeros((6, 5), np.float32), '.tif'), 'floating-point'),
    (small.picture(NOISE[:, :, 0]), r'shape \(1, 6, 5\); expected \(3, 6, 5'),
    (small.picture(NOISE[:4]), r'shape \(3, 4, 5\); expected \(3, 6, 5\)')])
@pytest.mark.parametrize('write', [small.write_folders, small.write_zips])
def test_images_that_are_none_or_of_another_kind(tmp_path, write, content,
                                                 what):
    write(tmp_path, dict(pictures(), **{'train/c/1.png': content}))
    with pytest.raises(UserError, match='c/1.png in .*(%s)' % what) as caught:
        read(tmp_path)
    assert '\n' not in str(caught.value)


def test_cmyk_is_refused(tmp_path):
    from PIL import Image
    path = tmp_path / 'train' / 'b'
    small.write_folders(tmp_path, pictures())
    Image.new('CMYK', (5, 6)).save(str(path / '2.jpg'))
    with pytest.raises(UserError, match='2.jpg in .* is CMYK; expected 8 '
                       'bits a channel, RGB or grey'):
        read(tmp_path)


@pytest.mark.parametrize('change, what', [
    (lambda name: not name.startswith('test'),
     'expected the folder test or the file test.zip, found neither'),
    (lambda name: not name.startswith('test/b'),
     'same classes in train and test, but b is in one of them only'),
    (lambda name: '/a/' in name, 'in 2 to 256 folders of classes, .*found 1')])
def test_parts_and_classes_that_are_missing(tmp_path, change, what):
    small.write_folders(tmp_path, {name: content for name, content
                                   in pictures().items() if change(name)})
    with pytest.raises(UserError, match=what):
        read(tmp_path)


def test_zips_that_are_damaged(tmp_path):
    small.write_zips(tmp_path, pictures())
    path = tmp_path / 'train.zip'
    whole = path.read_bytes()
    for content in (b'', b'nonsense', whole[:len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(UserError, match='train.zip is damaged, or no zip'):
            read(tmp_path)
    with zipfile.ZipFile(str(path), 'w') as archive:
        archive.writestr('readme.txt', 'nothing')
    with pytest.raises(UserError, match='found 0'):
        read(tmp_path)


def test_a_flipped_bit_in_a_zip_is_noticed(tmp_path):
    small.write_zips(tmp_path, pictures())
    path = tmp_path / 'train.zip'
    damaged = bytearray(path.read_bytes())
    damaged[200] ^= 1
    path.write_bytes(bytes(damaged))
    with pytest.raises(UserError, match='train.zip is damaged|no image'):
        read(tmp_path)


def test_a_folder_that_cannot_be_read_is_named(tmp_path):
    small.write_folders(tmp_path, pictures())
    os.unlink(str(tmp_path / 'train' / 'a' / '0.png'))
    os.symlink('nowhere', str(tmp_path / 'train' / 'a' / '0.png'))
    with pytest.raises(UserError, match='cannot be read: No such file'):
        read(tmp_path)
