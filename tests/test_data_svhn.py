"""SVHN by its three files: the published ones, or refused in one line."""

import os
import subprocess
import sys

import numpy as np
import pytest
import small_svhn as small
from fault_server import FaultServer, cut, page, status

import data
from data import svhn
from data.catalogue import Unavailable
from errors import UserError

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@pytest.fixture(autouse=True)
def no_other_source(cache, monkeypatch):
    """No folder is named, and the cache is empty."""
    monkeypatch.delenv('SVHN_DIR', raising=False)
    return cache.parent


@pytest.mark.parametrize('packed', [True, False])
def test_it_trains_on_the_extra_images_from_the_first_one_on(
        tmp_path, packed):
    found = svhn.load(str(tmp_path), published=small.published(
        tmp_path, packed=packed))
    own, extra = small.arrays('train'), small.arrays('extra')
    for array, first, second in zip(found.train, own, extra):
        np.testing.assert_array_equal(array, np.concatenate(
            [first, second[small.FIRST:]]))
    for array, expected in zip(found.test, small.arrays('test')):
        np.testing.assert_array_equal(array, expected)
    for array in found.train + found.test:
        assert array.dtype == np.uint8 and not array.flags.writeable
    assert found.name == 'svhn' and found.validation is None
    assert 'extra_32x32.mat, from image 11 on,' in found.source


def test_without_the_extra_images_it_is_another_data_set(tmp_path):
    published = small.published(tmp_path)
    whole = svhn.load(str(tmp_path), published=published)
    os.unlink(str(tmp_path / 'extra_32x32.mat'))
    alone = svhn.load(str(tmp_path), extra=False, published=published)
    np.testing.assert_array_equal(alone.train.images,
                                  small.arrays('train')[0])
    np.testing.assert_array_equal(alone.test.images, whole.test.images)
    assert alone.name == 'svhn-train' and 'extra_32x32' not in alone.source
    assert alone.identity() != whole.identity()
    assert alone.checksum != whole.checksum
    assert data.LABELS['svhn'] != data.LABELS['svhn-train']


def test_by_its_names_it_validates_on_the_test_part(tmp_path, monkeypatch):
    published = small.published(tmp_path)
    load = svhn.load
    monkeypatch.setitem(data._COLOURED, 'svhn', lambda folder: load(
        folder, published=published))
    monkeypatch.setenv('SVHN_DIR', str(tmp_path))
    found = data.load('svhn', limit_train=7)
    assert found.validation is found.test
    assert found.train.labels.tolist() == list(range(7))


@pytest.mark.parametrize('extra, name', [
    (True, 'svhn'), (False, 'svhn-train')])
def test_the_published_files_are_what_its_names_stand_for(
        tmp_path, extra, name):
    small.published(tmp_path)
    with pytest.raises(UserError, match='train_32x32.mat has the MD5 .*, '
                       'expected e26dedcc434d2e4c54c9b2d4a06d8373'):
        data.load(name, str(tmp_path))


def test_a_missing_extra_part_is_one_line_that_says_what_to_do(
        tmp_path, monkeypatch):
    published = small.published(tmp_path)
    os.unlink(str(tmp_path / 'extra_32x32.mat'))
    with pytest.raises(UserError) as caught:
        svhn.load(str(tmp_path), published=published)
    assert str(caught.value) == (
        'there is no extra_32x32.mat in %s, which --data-dir names: put it '
        'there (it is published at http://ufldl.stanford.edu/housenumbers/; '
        'without --data-dir, it is downloaded); --dataset svhn-train trains '
        'without it' % tmp_path)
    monkeypatch.setenv('SVHN_DIR', str(tmp_path / 'none'))
    with pytest.raises(UserError, match='no train_32x32.mat in .*, which '
                       r'\$SVHN_DIR names') as caught:
        svhn.load(published=published)
    assert 'svhn-train' not in str(caught.value)


def test_files_are_unpacked_once_and_again_when_one_changes(
        tmp_path, monkeypatch):
    published = small.published(tmp_path)
    first = svhn.load(str(tmp_path), published=published)
    unpacked = []
    original = svhn.unpack
    monkeypatch.setattr(svhn, 'unpack', lambda path, *rest: (
        unpacked.append(os.path.basename(path)), original(path, *rest)))
    again = svhn.load(str(tmp_path), published=published)
    assert unpacked == [] and again.checksum == first.checksum
    np.testing.assert_array_equal(again.train.images, first.train.images)
    os.utime(str(tmp_path / 'extra_32x32.mat'), (1, 1))
    svhn.load(str(tmp_path), published=published)
    assert unpacked == ['train_32x32.mat', 'extra_32x32.mat']


def server(published, folder, *parts):
    """A mirror of some of the files in a folder."""
    return FaultServer({
        name: (folder / name).read_bytes()
        for name in (getattr(published, part).name for part in parts)})


def test_a_download_cut_half_way_is_resumed_and_kept(tmp_path):
    published = small.published(tmp_path)
    with server(published, tmp_path, *small.COUNTS) as mirror:
        mirror.faults['extra_32x32.mat'] = [cut(10000), cut(20000)]
        published = published._replace(mirrors=(mirror.url,))
        found = svhn.load(published=published)
        svhn.load(published=published)
        assert mirror.asked('train_32x32.mat') == [None]
        assert mirror.asked('extra_32x32.mat') == [
            None, 'bytes=10000-', 'bytes=30000-']
    assert 'song2017/svhn' in found.source
    assert len(found.train.labels) == 30 + 25 - small.FIRST


@pytest.mark.parametrize('fault, what', [
    (status(404), 'HTTP 404'), (page, 'what it sent has the MD5')])
def test_an_extra_part_that_cannot_be_downloaded(
        tmp_path, no_other_source, fault, what):
    published = small.published(tmp_path)
    with server(published, tmp_path, *small.COUNTS) as mirror:
        mirror.faults['extra_32x32.mat'] = [fault] * 9
        published = published._replace(mirrors=(mirror.url,))
        with pytest.raises(Unavailable, match='extra_32x32.mat is not on this '
                           r'machine.*%s.*\$SVHN_DIR; --dataset svhn-train '
                           'trains without it' % what) as caught:
            svhn.load(published=published)
        assert '\n' not in str(caught.value)
        assert not [name for name in os.listdir(str(no_other_source / 'svhn'))
                    if name.startswith('extra')]
        assert len(svhn.load(extra=False, published=published
                             ).train.labels) == 30


IMAGES, LABELS = small.for_matlab(*small.arrays('train')).values()


@pytest.mark.parametrize('others, what', [
    ({'X': IMAGES[:, :, :, :-1]},
     'expected X of 32 x 32 x 3 x 30, got 32 x 32 x 3 x 29'),
    ({'X': IMAGES.transpose(3, 2, 0, 1)}, 'got 30 x 3 x 32 x 32'),
    ({'X': IMAGES / 255}, 'expected X to hold bytes, got float64'),
    ({'y': LABELS[:-1]}, 'expected y of 30 x 1, got 29 x 1'),
    ({'y': LABELS - 1.}, 'expected labels from 1 to 10 .*, got 0 to 9'),
    ({'y': LABELS + 1.}, 'got 2 to 11'),
    ({'y': LABELS + .5}, 'got 1.5 to 10.5'),
    ({'y': LABELS * np.nan}, 'got nan to nan'),
    ({'y': 'text'}, 'it has no array y of real numbers .but .*'),
    ({'y': LABELS * 1j}, 'it has no array y of real numbers')])
def test_files_with_other_arrays(tmp_path, others, what):
    published = small.published(tmp_path)._replace(
        train=small.write(tmp_path, 'train', **others))
    with pytest.raises(UserError, match=what) as caught:
        svhn.load(str(tmp_path), published=published)
    assert 'train_32x32.mat' in str(caught.value)
    assert '\n' not in str(caught.value)


FULL = '''
import resource, sys
sys.path[:0] = sys.argv[2:]
import small_svhn
from data import svhn
from errors import UserError

published = small_svhn.published(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (50000, 50000))
try:
    svhn.load(sys.argv[1], published=published)
except UserError as error:
    print(error)
'''


def test_a_full_disk_is_not_put_down_to_the_file(tmp_path, no_other_source):
    said = subprocess.run(
        [sys.executable, '-c', FULL, str(tmp_path), ROOT,
         os.path.join(ROOT, 'tests')], check=True, stdout=subprocess.PIPE,
        text=True).stdout
    assert said.startswith('decoded images cannot be kept in %s (' % (
        no_other_source / 'decoded'))
    assert said.count('\n') == 1 and 'set $XDG_CACHE_HOME' in said
    assert os.listdir(str(no_other_source / 'decoded')) == ['.lock']


MEASURE = '''
import sys
sys.path[:0] = sys.argv[2:]
import numpy as np, small_svhn
from data import svhn

def of_process(what):
    with open('/proc/self/status') as stream:
        return next(int(line.split()[1]) for line in stream
                    if line.startswith(what + ':')) / 1024

folder = sys.argv[1]
small_svhn.COUNTS.update(train=2000, test=1000, extra=30000)
files = {}
for part in small_svhn.COUNTS:
    with open('%s/%s.md5' % (folder, part)) as stream:
        files[part] = getattr(svhn.SVHN, part)._replace(
            md5=stream.read(), count=small_svhn.COUNTS[part])
published = svhn.SVHN._replace(first=100, **files)
before = of_process('VmRSS')
train = svhn.load(folder, published=published).train
loaded = of_process('VmHWM') - before
# Of its own: mapped pages count, too, but the system takes them at need.
before = of_process('RssAnon')
for start in range(0, 31900, 100):
    batch = train.images[np.arange(start, start + 100)]
used = of_process('RssAnon') - before
copy = np.array(train.images)
print(train.images.nbytes / 2 ** 20, loaded, used,
      of_process('RssAnon') - before)
'''


def test_memory_is_bounded_however_many_images(tmp_path):
    """94 MB of images; the copy at the end shows that a copy would show."""
    for part, count in (('train', 2000), ('test', 1000), ('extra', 30000)):
        images = np.zeros((count, 3, 32, 32), np.uint8)
        images[:, 0, 0] = np.arange(count)[:, None] % 251
        file = small.write(tmp_path, part, **small.for_matlab(
            images, np.arange(count) % 10))
        (tmp_path / (part + '.md5')).write_text(file.md5)
    whole, loaded, used, copied = map(float, subprocess.run(
        [sys.executable, '-c', MEASURE, str(tmp_path), ROOT,
         os.path.join(ROOT, 'tests')], check=True, stdout=subprocess.PIPE,
        text=True).stdout.split())
    assert whole > 90
    assert loaded < 30 and used < 5
    assert copied > .9 * whole
