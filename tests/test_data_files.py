import gzip
import os

import pytest
import small_mnist
from fault_server import PAGE

from data import files
from errors import UserError

ENTRY = small_mnist.collection().files[0]
RAW = small_mnist.raw_files()[ENTRY.name]
PACKED = gzip.compress(RAW)


def test_find_prefers_packed_then_raw_then_nothing(tmp_path):
    assert files.find(str(tmp_path), ENTRY) is None
    small_mnist.write(tmp_path, {ENTRY.name: RAW})
    assert files.find(str(tmp_path), ENTRY) == str(tmp_path / ENTRY.name)
    small_mnist.write(tmp_path, {ENTRY.name + '.gz': PACKED})
    assert files.find(str(tmp_path), ENTRY).endswith('.gz')


@pytest.mark.parametrize('name, blob', [
    ('f.gz', PACKED), ('f', RAW),
    ('f.gz', gzip.compress(RAW, 0)),  # stored: longer than the raw file
    ('f.gz', gzip.compress(RAW[:999]) + gzip.compress(RAW[999:]))],
    ids=range(4))
def test_read_gives_the_raw_content(tmp_path, name, blob):
    small_mnist.write(tmp_path, {name: blob})
    assert files.read(str(tmp_path / name), ENTRY) == RAW


OTHER = small_mnist.raw_files(seed=1)[ENTRY.name]


@pytest.mark.parametrize('name, blob, message', [
    ('f.gz', b'', 'f.gz is empty'),
    ('f.gz', PAGE, 'f.gz is a web page, not data'),
    ('f.gz', b'\n <?xml version="1.0"?><Error/>', 'f.gz is a web page'),
    ('f.gz', RAW, 'f.gz is not a gzip file: it begins with '),
    ('f.gz', PACKED[:5], 'f.gz is cut short: its gzip stream ends after 5'),
    ('f.gz', PACKED[:-1], 'f.gz is cut short: its gzip stream'),
    ('f.gz', PACKED[:-8] + bytes(8), 'f.gz is corrupt: CRC'),
    ('f.gz', PACKED[:10] + b'\xff' * 40 + PACKED[50:], 'f.gz is corrupt: '),
    ('f.gz', PACKED + b'garbage', 'f.gz is corrupt: '),
    ('f.gz', gzip.compress(PACKED), 'f.gz is a gzip file: its name'),
    ('f.gz', gzip.compress(PAGE), 'f.gz is a web page'),
    ('f.gz', gzip.compress(RAW[:-1]), 'f.gz is cut short: %d of %d bytes'
     % (len(RAW) - 1, len(RAW))),
    ('f.gz', gzip.compress(OTHER), 'f.gz holds other data than it should: '
     'SHA-256 of its raw content '),
    ('f', OTHER, 'expected ' + ENTRY.sha256),
    ('f', PACKED, 'f is a gzip file: its name should end in .gz'),
    ('f', PAGE, 'f is a web page'),
    ('f', b'', 'f is not the IDX file expected: it begins with nothing'),
    ('f', RAW + b'x', 'f is longer than the %d bytes' % len(RAW)),
], ids=range(18))
def test_read_says_what_is_wrong_on_one_line(tmp_path, name, blob, message):
    small_mnist.write(tmp_path, {name: blob})
    with pytest.raises(UserError) as caught:
        files.read(str(tmp_path / name), ENTRY)
    assert message in str(caught.value)
    assert '\n' not in str(caught.value)


def test_a_gzip_bomb_is_not_unpacked(tmp_path):
    # Unpacking all of it would meet its missing end and say "cut short".
    bomb = PACKED + gzip.compress(bytes(1 << 22))[:4000]
    small_mnist.write(tmp_path, {'f.gz': bomb})
    with pytest.raises(UserError, match='longer than'):
        files.read(str(tmp_path / 'f.gz'), ENTRY)


def test_read_refuses_what_is_not_a_file(tmp_path):
    (tmp_path / 'folder.gz').mkdir()
    (tmp_path / 'dead.gz').symlink_to(tmp_path / 'nowhere')
    os.mkfifo(str(tmp_path / 'pipe.gz'))  # reading it would wait for ever
    for name in ('folder.gz', 'dead.gz', 'pipe.gz'):
        with pytest.raises(UserError, match=name + ' is not a file'):
            files.read(str(tmp_path / name), ENTRY)


@pytest.mark.skipif(
    not os.path.exists('/proc/self/mem'),
    reason='UNTESTED: unreadable files; /proc/self/mem is the one file that '
           'even root cannot read from its start, and it is not here')
def test_an_unreadable_file_is_one_line(tmp_path):
    (tmp_path / 'f.gz').symlink_to('/proc/self/mem')
    with pytest.raises(UserError, match='f.gz cannot be read: '):
        files.read(str(tmp_path / 'f.gz'), ENTRY)
