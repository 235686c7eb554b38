import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits

from data import digits
from data.dataset import divide, scale
from errors import UserError


def test_enlarge_agrees_with_a_loop_over_the_pixels():
    small = np.random.RandomState(3).randint(0, 17, (4, 8, 8))
    small[0, 0, 0], small[0, 7, 7] = 16, 16
    large = digits.enlarge(small)
    assert large.shape == (4, 1, 28, 28)
    assert large.dtype == np.uint8
    for n, row, column in np.ndindex(4, 28, 28):
        if 2 <= row < 26 and 2 <= column < 26:
            value = small[n, (row - 2) // 3, (column - 2) // 3]
            expected = 255 if value == 16 else 16 * value
        else:
            expected = 0
        assert large[n, 0, row, column] == expected


def test_scaled_digits_are_sixteenths():
    small = np.arange(17).repeat(64).reshape(17, 8, 8)
    scaled = scale(digits.enlarge(small), 'float64')[:, 0, 14, 14]
    np.testing.assert_array_equal(scaled[:16], np.arange(16) / 16)
    assert scaled[16] == 255 / 256


def test_digits_are_scikit_learns_in_their_order():
    archive = digits.load()
    bunch = load_digits()
    labels = np.concatenate([archive.train.labels, archive.test.labels])
    images = np.concatenate([archive.train.images, archive.test.images])
    assert len(archive.train.labels) == 1400
    assert len(archive.test.labels) == 397
    assert labels.dtype == np.uint8
    np.testing.assert_array_equal(labels, bunch.target)
    np.testing.assert_array_equal(
        np.rint(images[:, 0, 2:26:3, 2:26:3] / 16.0), bunch.images)
    assert archive.name == 'digits'
    assert archive.checksum == digits.load().checksum
    with pytest.raises(ValueError, match='read-only'):
        archive.train.images[0] = 1


@pytest.mark.parametrize('split, train, validation', [
    ('paper', 1167, 233), ('script', 1377, 23)])
def test_the_splits_of_the_digits(split, train, validation):
    dataset = divide(digits.load(), split)
    assert len(dataset.train.labels) == train
    assert len(dataset.validation.labels) == validation
    assert len(dataset.test.labels) == 397


def test_without_scikit_learn_one_line_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, 'sklearn.datasets', None)
    with pytest.raises(UserError, match='pip install scikit-learn'):
        digits.load()
