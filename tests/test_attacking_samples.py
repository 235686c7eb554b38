"""Which samples are attacked, and what no list of samples may hold."""

from argparse import Namespace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from attacking import inputs as samples
from attacking.inputs import choose
from errors import UserError


def read_indices(path, count):
    return samples.read_indices(Namespace(indices=path), set(), 'samples',
                                count)


def write(folder, text):
    path = folder / 'indices.txt'
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_a_draw_is_sorted_without_repeats_and_fixed_by_its_seed():
    drawn = choose(10000, 1000, 0)
    assert len(drawn) == 1000 and np.all(np.diff(drawn) > 0)
    assert drawn[0] >= 0 and drawn[-1] < 10000
    np.testing.assert_array_equal(drawn, choose(10000, 1000, 0))
    assert (drawn != choose(10000, 1000, 1)).any()
    # Results name their samples by this draw: it must never change.
    np.testing.assert_array_equal(choose(10, 4, 0), [2, 4, 8, 9])


def test_all_samples():
    np.testing.assert_array_equal(choose(397), np.arange(397))
    np.testing.assert_array_equal(choose(397, 397, 5), np.arange(397))


def test_more_than_there_are():
    with pytest.raises(UserError, match='at most the 397 test samples, got '
                       '398'):
        choose(397, 398)


def test_a_file_keeps_its_order(tmp_path):
    path = write(tmp_path, '7\n0  # the first\n\n# none\n 396\r\n')
    np.testing.assert_array_equal(read_indices(path, 397), [7, 0, 396])


def test_a_byte_order_mark_counts_for_nothing(tmp_path):
    path = write(tmp_path, b'\xef\xbb\xbf0\r\n5\r\n')
    np.testing.assert_array_equal(read_indices(path, 397), [0, 5])


@pytest.mark.parametrize('text, words', [
    ('1\n397\n', r"line 2: expected a whole number from 0 to 396, got '397'"),
    ('-1\n', r"line 1: .* got '-1'"),
    ('1.0\n', r"line 1: .* got '1.0'"),
    ('1 2\n', r"line 1: .* got '1 2'"),
    ('²\n', 'line 1: expected a whole number'),
    ('9' * 5000, r"line 1: .* got '9{37}...'"),
    ('3\n4\n03\n', 'line 3: expected every sample once, got 03 again'),
    ('', 'expected at least one index'),
    (b'\xff\xfe\x00', 'expected a text file')])
def test_nonsense_is_named_by_its_line(tmp_path, text, words):
    with pytest.raises(UserError, match=words):
        read_indices(write(tmp_path, text), 397)


def test_no_file(tmp_path):
    for path in (tmp_path, tmp_path / 'none'):
        with pytest.raises(UserError, match='expected a text file, found '
                           'none'):
            read_indices(str(path), 397)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40))
@example(b'1' * 40)
def test_any_bytes_are_indices_or_a_user_error(tmp_path_factory, text):
    path = write(tmp_path_factory.getbasetemp(), text)
    try:
        indices = read_indices(path, 397)
    except UserError as error:
        assert '\n' not in str(error)
    else:
        assert len(set(indices.tolist())) == len(indices) > 0
        assert indices.min() >= 0 and indices.max() < 397
