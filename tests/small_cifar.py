"""CIFAR-10 in the forms that it comes in, with few images.

The pickles are written operation by operation, as Python 2 wrote those of
the original archive: Python 3's own would differ.
"""

import hashlib
import io
import os
import struct
import tarfile
import zipfile

import numpy as np
from PIL import Image

from data.cifar import CIFAR10
from data.dataset import Part, digests, order_free

BATCH = 10
CLASSES = ('airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog',
           'horse', 'ship', 'truck')


def short(text):
    """SHORT_BINSTRING, a str of Python 2."""
    return b'U' + bytes([len(text)]) + text


def integer(number):
    """BININT1."""
    return b'K' + bytes([number])


def batch_pickle(images, labels, extra=b''):
    """A file of the archive; `extra` are operations before its STOP."""
    count, size = images.shape
    content = images.tobytes()
    shape = (b'M' + struct.pack('<H', count) + b'M' + struct.pack('<H', size)
             + b'\x86')
    dtype = (b'cnumpy\ndtype\nq\x08' + short(b'u1') + integer(0) + integer(1)
             + b'\x87Rq\x09(' + integer(3) + short(b'|') + b'NNN'
             + b'J\xff\xff\xff\xff' * 2 + integer(0) + b'tb')
    array = (b'cnumpy.core.multiarray\n_reconstruct\nq\x03'
             b'cnumpy\nndarray\nq\x04' + integer(0) + b'\x85' + short(b'b')
             + b'\x87Rq\x05(' + integer(1) + shape + dtype + b'\x89'
             + b'T' + struct.pack('<I', len(content)) + content + b'tb')
    return (b'\x80\x02}q\x01(' + short(b'batch_label') + short(b'some')
            + short(b'labels') + b']q\x02('
            + b''.join(map(integer, labels)) + b'e' + short(b'data') + array
            + short(b'filenames') + b'](' + short(b'a.png') + b'eu'
            + extra + b'.')


def arrays(seed):
    """(images uint8 (10, 3072), labels) of one file, an image a class."""
    generator = np.random.RandomState(seed)
    return (generator.randint(0, 256, (BATCH, 3072)).astype(np.uint8),
            generator.permutation(10).tolist())


def add(archive, name, content):
    """One file into a tar."""
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def write_archive(folder, pickles=None):
    """Write cifar-10-python.tar.gz; its SHA-256."""
    if pickles is None:
        pickles = {name: batch_pickle(*arrays(seed))
                   for seed, name in enumerate(CIFAR10.files)}
    os.makedirs(str(folder), exist_ok=True)
    path = os.path.join(str(folder), CIFAR10.archive)
    with tarfile.open(path, 'w:gz') as archive:
        for name, content in pickles.items():
            add(archive, 'cifar-10-batches-py/' + name, content)
    with open(path, 'rb') as stream:
        return hashlib.sha256(stream.read()).hexdigest()


def which(folder, **others):
    """The `Cifar` of a small archive that is written into `folder`."""
    sha256 = write_archive(folder)
    path = os.path.join(str(folder), CIFAR10.archive)
    parts = [Part(images.reshape(-1, 3, 32, 32), np.array(labels, np.uint8))
             for images, labels in map(arrays, range(6))]
    train = Part(*map(np.concatenate, zip(*parts[:5])))
    return CIFAR10._replace(**dict(
        {'sha256': sha256, 'size': os.path.getsize(path),
         'batch': (BATCH,) * 6, 'digests': tuple(
             order_free(digests(part)) for part in (train, parts[5]))},
        **others))


def picture(pixels, ending='.png', **options):
    """The bytes of an image (h, w, 3) or (h, w) uint8."""
    content = io.BytesIO()
    kinds = {'.webp': 'WEBP', '.jpg': 'JPEG', '.png': 'PNG', '.tif': 'TIFF'}
    Image.fromarray(pixels).save(content, kinds[ending], **options)
    return content.getvalue()


def class_files(ending='.png', **options):
    """{part/class/name: bytes} of the archive's images, ten classes each."""
    files = {}
    for seed in range(6):
        images, labels = arrays(seed)
        for number, (image, label) in enumerate(zip(images, labels)):
            files['%s/%s/%d-%d%s' % (
                'train' if seed < 5 else 'test', CLASSES[label], seed, number,
                ending)] = picture(image.reshape(3, 32, 32).transpose(
                    1, 2, 0), ending, **options)
    return files


def write_folders(folder, files):
    """Write files by their paths."""
    for name, content in files.items():
        path = os.path.join(str(folder), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as stream:
            stream.write(content)


def write_zips(folder, files, outer=True):
    """train.zip and test.zip, with or without the part's own folder."""
    os.makedirs(str(folder), exist_ok=True)
    for part in ('train', 'test'):
        with zipfile.ZipFile(os.path.join(str(folder), part + '.zip'),
                             'w') as archive:
            for name, content in files.items():
                if name.startswith(part):
                    archive.writestr(
                        name if outer else name[len(part) + 1:], content)
