"""No damaged file is ever accepted, whatever the damage."""

import gzip
import random
import zlib

import small_mnist
from fault_server import PAGE

from data import mnist
from errors import UserError

COLLECTION = small_mnist.collection()
RAW = small_mnist.raw_files()
PACKED = small_mnist.packed_files()


def flip(blob, generator):
    damaged = bytearray(blob)
    for _ in range(generator.randint(1, 4)):
        damaged[generator.randrange(len(blob))] ^= (
            1 << generator.randrange(8))
    return bytes(damaged)


def truncate(blob, generator):
    return blob[:generator.randrange(len(blob))]


def append(blob, generator):
    return blob + bytes(generator.randrange(256)
                        for _ in range(generator.randint(1, 64)))


def alter_header(blob, generator):
    damaged = bytearray(blob)
    damaged[generator.randrange(16)] = generator.randrange(256)
    return bytes(damaged)


def blank(blob, generator):
    start = generator.randrange(len(blob))
    return blob[:start] + bytes(len(blob[start:start + 50])) + (
        blob[start + 50:])


def drop_a_byte(blob, generator):
    start = generator.randrange(len(blob))
    return blob[:start] + blob[start + 1:]


def repeat(blob, generator):
    return blob * 2


def nothing(blob, generator):
    return b''


def web_page(blob, generator):
    return PAGE


def noise(blob, generator):
    return bytes(generator.randrange(256) for _ in range(300))


ON_BYTES = (flip, truncate, append, alter_header, blank, drop_a_byte, repeat,
            nothing, web_page, noise)


def cases(generator):
    """Yield (what, name of the file, its bytes), damaged in some way."""
    others = small_mnist.raw_files(seed=1)
    for name, raw in RAW.items():
        blob = PACKED[name + '.gz']
        for damage in ON_BYTES:
            for _ in range(6):
                # The file, the packed file, and good gzip of a bad file.
                yield damage.__name__, name, damage(raw, generator)
                yield damage.__name__, name + '.gz', damage(blob, generator)
                yield damage.__name__, name + '.gz', gzip.compress(
                    damage(raw, generator), 1)
        yield 'packed as raw', name, blob
        yield 'raw as packed', name + '.gz', raw
        yield 'packed twice', name + '.gz', gzip.compress(blob)
        yield 'zlib, not gzip', name + '.gz', zlib.compress(raw)
        yield 'another valid file', name, others[name]
        yield 'another valid file', name + '.gz', gzip.compress(others[name])
        for other in RAW:
            if other != name:
                yield 'swapped', name, RAW[other]
                yield 'swapped', name + '.gz', PACKED[other + '.gz']


def content(name, blob):
    """What the file really holds; None if it cannot be unpacked."""
    if not name.endswith('.gz'):
        return blob
    try:
        return gzip.decompress(blob)
    except (OSError, EOFError, zlib.error):
        return None


def test_only_undamaged_content_is_accepted(tmp_path):
    refused = harmless = 0
    small_mnist.write(tmp_path, RAW)
    for what, name, blob in cases(random.Random(2017)):
        raw_name = name[:-3] if name.endswith('.gz') else name
        (tmp_path / raw_name).unlink()
        small_mnist.write(tmp_path, {name: blob})
        intact = content(name, blob) == RAW[raw_name]
        try:
            archive = mnist.load(str(tmp_path), collection=COLLECTION)
        except UserError as error:
            assert not intact, what
            assert name in str(error)
            assert '\n' not in str(error)
            refused += 1
        else:
            assert intact, what
            assert archive.checksum == small_mnist.checksum()
            harmless += 1
        (tmp_path / name).unlink()
        small_mnist.write(tmp_path, {raw_name: RAW[raw_name]})
    assert refused >= 200
    assert harmless < refused / 10
