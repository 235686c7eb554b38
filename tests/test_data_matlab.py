"""MATLAB's files, against SciPy's reader."""

import random

import numpy as np
import pytest
import scipy.io
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from test_data_fuzz import ON_BYTES

from data import matlab
from errors import UserError

NUMBERS = st.one_of(*(arrays.arrays(dtype, arrays.array_shapes(
    min_dims=2, max_dims=4, min_side=0)) for dtype in (
        np.uint8, np.int16, np.uint32, np.int64, np.float32, np.float64)))


def read(path, name, piece=7):
    """All of an array, a few items at a time, in its shape."""
    with matlab.open_array(str(path), name) as items:
        count, pieces = int(np.prod(items.shape)), []
        for start in range(0, count, piece):
            pieces.append(items.read(min(piece, count - start)))
        return np.concatenate([np.empty(0, items.dtype), *pieces]).reshape(
            items.shape, order='F')


@settings(max_examples=60, deadline=None)
@given(NUMBERS, NUMBERS, st.booleans(), st.integers(1, 200))
def test_arrays_are_those_that_scipy_reads(
        tmp_path_factory, first, second, packed, piece):
    path = tmp_path_factory.mktemp('matlab') / 'file.mat'
    scipy.io.savemat(str(path), {'text': 'some', 'first': first,
                                 'cells': np.array([1, 'a'], object),
                                 'second': second}, do_compression=packed)
    expected = scipy.io.loadmat(str(path))
    for name in ('first', 'second'):
        found = read(path, name, piece)
        assert found.dtype == expected[name].dtype
        np.testing.assert_array_equal(found, expected[name])


def test_a_name_or_a_number_in_its_tag(tmp_path):
    path = str(tmp_path / 'file.mat')
    for value in (np.uint8(3), np.int16([1, -2]), np.uint8([[]])):
        scipy.io.savemat(path, {'y': value})
        np.testing.assert_array_equal(read(path, 'y'), np.atleast_2d(value))


def test_what_is_there_instead_is_named(tmp_path):
    path = tmp_path / 'file.mat'
    scipy.io.savemat(str(path), {'Z': np.ones(3), 'X': 'text'})
    with pytest.raises(UserError, match=r"no array X of real numbers \(but "
                       r"'Z', 'X'\)"):
        read(path, 'X')
    with pytest.raises(UserError, match='cannot be read: No such file'):
        read(tmp_path / 'other.mat', 'X')


@pytest.mark.parametrize('content, what', [
    (b'', 'begins with b'), (b'x' * 200, "begins with b'xxxx"),
    (bytes(124) + b'\x01\x00MI' + bytes(100), 'it begins'),   # big-endian
    (bytes(124) + b'\x00\x02IM' + bytes(100), 'it begins'),   # HDF5
    (bytes(124) + b'\x00\x01IM', r'no array X .*but nothing'),
    (bytes(124) + b'\x00\x01IM' + b'\x0e\0\0\0\xff\0\0\0', 'it is cut short')])
def test_files_of_another_kind(tmp_path, content, what):
    (tmp_path / 'file.mat').write_bytes(content)
    with pytest.raises(UserError, match=what) as caught:
        read(tmp_path / 'file.mat', 'X')
    assert '\n' not in str(caught.value)


def test_no_damage_to_what_is_packed_goes_unseen(tmp_path):
    """zlib's checksum is looked at, though all items were there before it."""
    path = tmp_path / 'file.mat'
    generator = np.random.RandomState(0)
    x = generator.randint(0, 200, (4, 5, 3, 20)).astype(np.uint8)
    scipy.io.savemat(str(path), {'X': x, 'y': np.arange(20.)},
                     do_compression=True)
    good, source, refused = path.read_bytes(), random.Random(5), 0
    for damage in ON_BYTES:
        for _ in range(60):
            path.write_bytes(damage(good, source))
            try:
                found = read(path, 'X', 1200)
            except UserError as error:
                assert '\n' not in str(error) and 'file.mat' in str(error)
                refused += 1
            else:
                np.testing.assert_array_equal(found, x)
    assert refused > 300
