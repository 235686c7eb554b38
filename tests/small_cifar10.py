"""Archives in the formats of CIFAR-10's two sources, with few images.

The pickles are written operation by operation, as Python 2 wrote those of
the original archive: Python 3's own would differ.
"""

import functools
import hashlib
import io
import os
import struct
import tarfile

import numpy as np
from PIL import Image

from data import cifar10, cifar10_jpeg

BATCH = 4


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
    """(images uint8 (4, 3072), labels) of one file."""
    generator = np.random.RandomState(seed)
    return (generator.randint(0, 256, (BATCH, 3072)).astype(np.uint8),
            generator.randint(0, 10, BATCH).tolist())


def names():
    """The archive's files that hold images."""
    return ['data_batch_%d' % number for number in range(1, 6)] + [
        'test_batch']


def add(archive, name, content):
    """One file into a tar."""
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def write_archive(folder, pickles=None):
    """Write cifar-10-python.tar.gz; its SHA-256."""
    if pickles is None:
        pickles = {name: batch_pickle(*arrays(seed))
                   for seed, name in enumerate(names())}
    os.makedirs(str(folder), exist_ok=True)
    path = os.path.join(str(folder), cifar10.ARCHIVE)
    with tarfile.open(path, 'w:gz') as archive:
        for name, content in pickles.items():
            add(archive, 'cifar-10-batches-py/' + name, content)
    with open(path, 'rb') as stream:
        return hashlib.sha256(stream.read()).hexdigest()


@functools.lru_cache(maxsize=None)
def jpeg(seed, size=32):
    """The bytes of a JPEG of one colour and a little noise."""
    generator = np.random.RandomState(seed)
    pixels = generator.randint(0, 200, 3) + generator.randint(
        0, 40, (size, size, 3))
    content = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(content, 'JPEG')
    return content.getvalue()


def write_jpegs(folder, counts):
    """Write train.tar and test.tar, so many images a class of each."""
    os.makedirs(str(folder), exist_ok=True)
    for seed, (part, count) in enumerate(counts.items()):
        with tarfile.open(os.path.join(str(folder), part + '.tar'),
                          'w') as archive:
            for number in range(count):
                for label, name in enumerate(cifar10_jpeg.CLASSES):
                    add(archive, '%s/%s/%04d.jpg' % (part, name, number),
                        jpeg(1000 * seed + 10 * (number % 20) + label))
