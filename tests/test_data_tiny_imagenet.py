"""Tiny ImageNet as its zip or its folder, the whole or a part; or one line."""

import hashlib
import os
import random

import numpy as np
import pytest
import small_tiny_imagenet as small
from fault_server import FaultServer, cut, page, status
from small_cifar import write_folders
from test_data_fuzz import ON_BYTES

import data
from data import tiny_imagenet
from data.catalogue import Unavailable
from data.dataset import Part
from errors import UserError

FILES = small.files()
SORTED = sorted(small.CLASSES)
REAL = os.environ.get('TINY_IMAGENET_DIR')


@pytest.fixture(autouse=True)
def no_other_source(cache, monkeypatch):
    """No folder is named, and the cache is empty."""
    monkeypatch.delenv('TINY_IMAGENET_DIR', raising=False)
    return cache.parent


def load(folder):
    return tiny_imagenet.load(str(folder))


def test_classes_come_in_turn_and_grey_images_in_colours(tmp_path):
    small.write_zip(tmp_path, FILES)
    found = load(tmp_path)
    assert found.train.images.shape == (33, 3, 64, 64)
    assert found.train.labels.tolist() == [0, 1, 2] * small.EACH
    for row, (image, label) in enumerate(zip(*found.train)):
        np.testing.assert_array_equal(image, small.decoded(
            FILES['train/{0}/images/{0}_{1}.JPEG'.format(
                SORTED[label], row // 3)]))
    grey = found.train.images[3 * small.GREY]
    np.testing.assert_array_equal(grey[0], grey[2])
    for row, (image, label) in enumerate(zip(*found.test)):
        np.testing.assert_array_equal(image, small.decoded(
            FILES['val/images/val_%d.JPEG' % row]))
        assert SORTED[label] == small.CLASSES[row % 3]
    for array in found.train + found.test:
        assert array.dtype == np.uint8 and not array.flags.writeable


def test_zip_and_folder_are_the_same_data(tmp_path):
    small.write_zip(tmp_path / 'a', FILES)
    small.write_zip(tmp_path / 'b', dict(reversed(list(FILES.items()))),
                    top='')
    write_folders(tmp_path / 'c' / small.FOLDER, FILES)
    write_folders(tmp_path / 'd', dict(FILES, **{
        'val/images/.DS_Store': b'-', 'train/.DS_Store': b'-'}))
    found = [load(tmp_path / name) for name in 'abcd']
    assert len({each.checksum for each in found}) == 1
    for each in found:
        np.testing.assert_array_equal(each.train.images,
                                      found[0].train.images)


def test_a_part_never_passes_for_the_whole(tmp_path, monkeypatch):
    write_folders(tmp_path, FILES)
    part = load(tmp_path)
    assert part.name == 'tiny-imagenet-part'
    assert part.source == '33 + 12 images of 3 classes in %s' % tmp_path
    assert data.LABELS[part.name] == 'a part of Tiny ImageNet'
    for name, value in (('CLASSES', 3), ('EACH', 11), ('TEST', 12)):
        monkeypatch.setattr(tiny_imagenet, name, value)
    assert load(tmp_path).name == 'tiny-imagenet'
    os.unlink(str(tmp_path / 'train/n02/images/n02_3.JPEG'))
    less = load(tmp_path)
    assert less.name == 'tiny-imagenet-part'
    assert less.checksum != part.checksum


def test_the_whole_has_the_published_counts():
    def part(each, classes=200):
        labels = np.repeat(np.arange(classes), each).astype(np.uint8)
        return Part(labels, labels)

    assert tiny_imagenet.is_whole(part(500), part(50))
    for train, test in ((part(499), part(50)), (part(500), part(15)),
                        (part(500, 199), part(50)),
                        (part(500, 199), part(50, 199)),
                        (part(1000, 100), part(50))):
        assert not tiny_imagenet.is_whole(train, test)


@pytest.mark.parametrize('name', ['tiny-imagenet', 'tiny-imagenet-part'])
def test_by_either_name_it_validates_on_the_test_part(
        tmp_path, monkeypatch, name):
    write_folders(tmp_path, FILES)
    monkeypatch.setenv('TINY_IMAGENET_DIR', str(tmp_path))
    found = data.load(name, limit_train=4)
    assert found.validation is found.test
    assert found.train.labels.tolist() == [0, 1, 2, 0]
    assert found.name == 'tiny-imagenet-part'


def test_images_are_decoded_once_and_again_when_a_file_changes(
        tmp_path, monkeypatch):
    write_folders(tmp_path, FILES)
    first = load(tmp_path)
    decoded = []
    original = tiny_imagenet.decode
    monkeypatch.setattr(tiny_imagenet, 'decode', lambda path, part, write: (
        decoded.append(part), original(path, part, write)))
    assert load(tmp_path).checksum == first.checksum
    assert decoded == []
    write_folders(tmp_path, {'val/images/val_3.JPEG': small.jpeg(
        small.pixels(5))})
    assert load(tmp_path).checksum != first.checksum
    assert decoded == ['train', 'val']


def changed(**others):
    """The files with some others by name, None for none."""
    content = dict(FILES, **others)
    return {name: raw for name, raw in content.items() if raw is not None}


def without(prefix):
    return {name: raw for name, raw in FILES.items()
            if not name.startswith(prefix)}


LISTED = FILES['val/val_annotations.txt']
IMAGE = 'train/n02/images/n02_3.JPEG'
DAMAGE = [
    (without('wnids'), 'expected wnids.txt, found none'),
    (changed(**{'wnids.txt': b'n01\nn02\nn01'}),
     'to name 2 to 256 classes, each once, got 3 names, 2 of them different'),
    (changed(**{'wnids.txt': b'\n'}), 'got 0 names'),
    (changed(**{'wnids.txt': b'n01\nn02'}), 'expected classes that wnids.txt '
     'names, got train/n03/images/n03_'),
    (changed(**{'wnids.txt': b'n01\nn02\nn03\nn04'}), 'expected images in '
     'train/n04/images, as wnids.txt names that class, found none$'),
    (without('train/'), 'train/n01/images, .* found none .nor of 2 more'),
    (without('val/val_a'), 'expected val/val_annotations.txt, found none'),
    (changed(**{'val/val_annotations.txt': LISTED.replace(b'n02', b'n04', 1)}),
     r"val_annotations.txt, line 3: expected an image and a class that "
     r"wnids.txt names .* got 'val_2.JPEG\\tn04"),
    (changed(**{'val/val_annotations.txt': b'\xff\xfe'}), 'line 1: expected'),
    (changed(**{'val/val_annotations.txt': LISTED + LISTED[:30]}),
     'line 13: expected .* each image once'),
    (changed(**{'val/val_annotations.txt': LISTED.partition(b'\n')[2]}),
     'val/images/val_0.JPEG is not listed'),
    (without('val/images/val_7'), 'val/images/val_7.JPEG is missing'),
    (without('val/images'), 'expected images in val/images, .* found none'),
    (changed(**{'val/images/val_1.JPEG': small.jpeg(
        small.pixels(1)[:32])}), 'val_1.JPEG in .* has 64 x 32 pixels; '
     'expected 64 x 64'),
    (changed(**{IMAGE: FILES[IMAGE][:500]}), 'n02_3.JPEG in .* is no image'),
    (changed(**{IMAGE: b''}), 'n02_3.JPEG in .* is no image that can be read'),
    (changed(**{IMAGE: b'text'}), 'n02_3.JPEG in .* is no image that can')]


@pytest.mark.parametrize('write', [small.write_zip, write_folders])
@pytest.mark.parametrize('content, what', DAMAGE)
def test_every_damage_is_one_line(
        tmp_path, no_other_source, write, content, what):
    write(tmp_path / 'data', content)
    with pytest.raises(UserError, match=what) as caught:
        load(tmp_path / 'data')
    assert '\n' not in str(caught.value)
    kept = no_other_source / 'decoded'
    assert not kept.exists() or not any(
        name.endswith('half-written') for name in os.listdir(str(kept)))


def test_a_zip_cut_short_or_a_folder_with_nothing(tmp_path, monkeypatch):
    with pytest.raises(UserError, match='neither tiny-imagenet-200.zip in .*, '
                       'which --data-dir names, nor what is in it .wnids.txt'):
        load(tmp_path)
    monkeypatch.setenv('TINY_IMAGENET_DIR', str(tmp_path / 'none'))
    with pytest.raises(UserError, match=r'which \$TINY_IMAGENET_DIR names'):
        tiny_imagenet.load()
    raw = small.zipped(FILES)
    (tmp_path / 'tiny-imagenet-200.zip').write_bytes(raw[:len(raw) // 2])
    with pytest.raises(UserError, match='tiny-imagenet-200.zip is damaged, or '
                       'no zip file .*; put a good copy in its place'):
        load(tmp_path)


def test_no_damaged_zip_passes_for_the_good_one(tmp_path):
    """A name that is no image's any more leaves a smaller part: it says so."""
    content = {name: raw for name, raw in FILES.items()
               if not name.endswith(('5.JPEG', '6.JPEG', '7.JPEG', '8.JPEG'))
               or name.startswith('val')}
    small.write_zip(tmp_path, content)
    good, raw = load(tmp_path), small.zipped(content)
    source, refused = random.Random(7), 0
    for number, damage in enumerate(ON_BYTES * 25):
        # A folder each: they may be written within one tick of the clock.
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / 'tiny-imagenet-200.zip').write_bytes(damage(raw, source))
        try:
            found = load(folder)
        except UserError as error:
            assert '\n' not in str(error) and str(folder) in str(error)
            refused += 1
        else:
            assert found.checksum == good.checksum or (
                found.source.split(' in ')[0] != good.source.split(' in ')[0])
    assert refused > 150


@pytest.fixture
def published():
    """A mirror of the small zip, and its `Archive`."""
    raw = small.zipped(FILES)
    with FaultServer({tiny_imagenet.ZIP.name: raw}) as server:
        yield server, tiny_imagenet.ZIP._replace(
            digest=hashlib.md5(raw).hexdigest(), mirrors=(server.url,))


def test_a_download_cut_half_way_is_resumed_and_kept(published):
    server, archive = published
    server.faults[archive.name] = [cut(1000)]
    first = tiny_imagenet.load(published=archive)
    again = tiny_imagenet.load(published=archive)
    assert server.asked(archive.name) == [None, 'bytes=1000-']
    assert first.checksum == again.checksum
    assert 'song2017/tiny-imagenet/tiny-imagenet-200.zip' in first.source


@pytest.mark.parametrize('fault, what', [
    (status(404), 'HTTP 404'), (page, 'MD5')])
def test_a_download_that_fails_says_what_to_do(published, fault, what):
    server, archive = published
    server.faults[archive.name] = [fault]
    with pytest.raises(Unavailable, match=what + r'.*--data-dir or '
                       r'\$TINY_IMAGENET_DIR') as caught:
        tiny_imagenet.load(published=archive)
    assert '\n' not in str(caught.value)


@pytest.mark.skipif(
    not REAL, reason='THE REAL TINY IMAGENET IS UNTESTED: set '
    '$TINY_IMAGENET_DIR to its folder or to that of a part')
def test_the_real_one_or_a_part_of_it():
    found = load(REAL)
    assert len(np.unique(found.train.labels)) == 200
    images = found.train.images[:5000]
    grey = (images[:, 0] == images[:, 1]).all((1, 2))
    assert 0 < grey.sum() < .05 * len(grey)
