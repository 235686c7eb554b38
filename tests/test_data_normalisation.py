"""Means and deviations of channels, against NumPy's on the whole array."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from data import normalisation
from errors import UserError


@settings(max_examples=60, deadline=None)
@given(arrays.arrays(np.uint8, st.tuples(
    st.integers(1, 9), st.integers(1, 3), st.integers(1, 4),
    st.integers(1, 4))), st.integers(1, 5))
def test_they_are_numpys(images, chunk):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(normalisation, '_CHUNK', chunk)
        flat = images.astype(np.float64).transpose(1, 0, 2, 3).reshape(
            images.shape[1], -1) / 255
        if (flat.min(axis=1) == flat.max(axis=1)).any():
            with pytest.raises(UserError, match='more than one brightness in '
                               'every channel.*got %d images' % len(images)):
                normalisation.measure(images)
            return
        found = normalisation.measure(images)
    for array in found:
        assert array.shape == (images.shape[1],)
        assert array.dtype == np.float64
    np.testing.assert_allclose(found.mean, flat.mean(axis=1), rtol=1e-14)
    np.testing.assert_allclose(found.deviation, flat.std(axis=1), rtol=1e-12)


def test_neither_order_nor_chunks_change_a_bit(monkeypatch):
    images = np.random.RandomState(0).randint(
        0, 256, (500, 3, 8, 8)).astype(np.uint8)
    first = normalisation.measure(images)
    monkeypatch.setattr(normalisation, '_CHUNK', 7)
    for again in (normalisation.measure(images),
                  normalisation.measure(images[::-1])):
        for one, other in zip(first, again):
            np.testing.assert_array_equal(one, other)


def test_a_tiny_deviation_is_not_lost():
    """One pixel in 3 million differs by 1: E[x^2] - E[x]^2 would cancel."""
    images = np.full((3000, 1, 32, 32), 254, np.uint8)
    images[5, 0, 1, 2] = 255
    share = 1 / images.size
    np.testing.assert_allclose(
        normalisation.measure(images).deviation * 255,
        np.sqrt(share * (1 - share)), rtol=1e-14)


def test_normalised_pixels_have_mean_0_and_deviation_1():
    images = np.random.RandomState(1).randint(
        0, 200, (40, 3, 6, 6)).astype(np.uint8)
    mean, deviation = (array[:, None, None]
                       for array in normalisation.measure(images))
    pixels = (images / 255 - mean) / deviation
    np.testing.assert_allclose(pixels.mean((0, 2, 3)), 0, atol=1e-13)
    np.testing.assert_allclose(pixels.std((0, 2, 3)), 1, rtol=1e-12)


def test_no_images_and_scaled_ones():
    with pytest.raises(UserError, match='got 0 images'):
        normalisation.measure(np.zeros((0, 3, 32, 32), np.uint8))
    with pytest.raises(TypeError, match='expected uint8 images, got float32'):
        normalisation.measure(np.zeros((2, 3, 4, 4), np.float32))


def test_imagenets_are_the_common_ones():
    assert normalisation.IMAGENET.mean.tolist() == [.485, .456, .406]
    assert normalisation.IMAGENET.deviation.tolist() == [.229, .224, .225]
