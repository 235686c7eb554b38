import numpy as np
import pytest
import small_mnist

from data.files import parse
from errors import UserError


@pytest.mark.parametrize('shape', [(3, 4, 5), (7,), (2, 3), (0,)])
def test_parse_gives_back_what_was_written(shape):
    array = np.random.RandomState(1).randint(0, 256, shape).astype(np.uint8)
    parsed = parse(small_mnist.idx_bytes(array), shape, 'x')
    assert parsed.dtype == np.uint8
    np.testing.assert_array_equal(parsed, array)


def test_parse_reads_a_file_written_by_hand():
    raw = bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255])
    np.testing.assert_array_equal(
        parse(raw, (2, 3), 'x'), [[1, 2, 3], [4, 5, 255]])


def test_parsed_arrays_are_read_only():
    parsed = parse(small_mnist.idx_bytes(np.zeros(3, np.uint8)), (3,), '')
    with pytest.raises(ValueError, match='read-only'):
        parsed[0] = 1


GOOD = small_mnist.idx_bytes(np.zeros((2, 3), np.uint8))


@pytest.mark.parametrize('raw, message', [
    (b'', 'f is not the IDX file expected: it begins with nothing, not '
          'with the magic number 00000802'),
    (GOOD[:3], 'begins with 000008, not'),
    (b'\x00\x00\x0d\x02' + GOOD[4:], 'begins with 00000d02, not'),
    (small_mnist.idx_bytes(np.zeros(6, np.uint8)), 'begins with 00000801,'),
    (GOOD[:9], 'f is cut short: 9 of 18 bytes'),
    (GOOD[:-1], 'f is cut short: 17 of 18 bytes'),
    (GOOD + b'\x00', 'f is longer than the 18 bytes expected'),
    (small_mnist.idx_bytes(np.zeros((3, 2), np.uint8)),
     'f holds an array of shape 3 x 2; expected 2 x 3'),
    (small_mnist.idx_bytes(np.zeros((9, 3), np.uint8)),
     'f holds an array of shape 9 x 3; expected 2 x 3'),
])
def test_parse_says_what_is_wrong(raw, message):
    with pytest.raises(UserError) as caught:
        parse(raw, (2, 3), 'f')
    assert message in str(caught.value)
