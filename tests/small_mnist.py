"""A collection like MNIST with 60 + 12 random images, and its files."""

import gzip
import hashlib
import os
import struct

import numpy as np

from data.catalogue import Collection, File

SHAPES = {
    'train-images-idx3-ubyte': (60, 28, 28),
    'train-labels-idx1-ubyte': (60,),
    't10k-images-idx3-ubyte': (12, 28, 28),
    't10k-labels-idx1-ubyte': (12,),
}


def idx_bytes(array):
    """The IDX file of a uint8 array."""
    header = struct.pack('>HBB', 0, 8, array.ndim)
    return header + struct.pack('>%dI' % array.ndim, *array.shape) + (
        array.tobytes())


def arrays(seed=0):
    """The four arrays by file name: images 0..255, labels 0..9."""
    generator = np.random.RandomState(seed)
    return {name: generator.randint(0, 256 if len(shape) == 3 else 10,
                                    shape).astype(np.uint8)
            for name, shape in SHAPES.items()}


def raw_files(seed=0):
    """The raw files by name."""
    return {name: idx_bytes(array) for name, array in arrays(seed).items()}


def packed_files(seed=0):
    """The gzip files by name."""
    return {name + '.gz': gzip.compress(raw, mtime=0)
            for name, raw in raw_files(seed).items()}


def collection(*mirrors):
    """The `Collection` of these files, published by `mirrors`."""
    return Collection(
        tuple(File(name, SHAPES[name], hashlib.sha256(raw).hexdigest())
              for name, raw in raw_files().items()),
        mirrors)


def write(folder, contents):
    """Write files by name into a folder, made if need be."""
    os.makedirs(folder, exist_ok=True)
    for name, content in contents.items():
        with open(os.path.join(folder, name), 'wb') as stream:
            stream.write(content)


def checksum():
    """What `Dataset.checksum` should say."""
    return hashlib.sha256(b''.join(raw_files().values())).hexdigest()
