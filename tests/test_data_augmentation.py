"""Crops and mirrors, against a twin that takes one pixel at a time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.augmentation import crop_and_mirror
from errors import UserError


def numbered(count, channels, height, width, dtype=np.float32):
    """Images of which no two pixels are equal and none is 0."""
    return 1 + np.arange(count * channels * height * width, dtype=dtype
                         ).reshape(count, channels, height, width)


def twin(images, generator, size, padding):
    """The same, pixel by pixel, by the same draws."""
    count, channels, height, width = images.shape
    rows = generator.randint(0, height + 2 * padding - size + 1, count)
    columns = generator.randint(0, width + 2 * padding - size + 1, count)
    mirrored = generator.random_sample(count) < .5
    crops = np.zeros((count, channels, size, size), images.dtype)
    for k in range(count):
        for i in range(size):
            for j in range(size):
                y = rows[k] + i - padding
                x = columns[k] - padding + (
                    size - 1 - j if mirrored[k] else j)
                if 0 <= y < height and 0 <= x < width:
                    crops[k, :, i, j] = images[k, :, y, x]
    return crops


@st.composite
def cases(draw):
    height, width, padding = (draw(st.integers(low, 7)) for low in (1, 1, 0))
    return (numbered(draw(st.integers(0, 4)), draw(st.integers(1, 3)), height,
                     width, draw(st.sampled_from(['u1', 'f4', 'f8']))),
            draw(st.integers(1, min(height, width) + 2 * padding)), padding,
            draw(st.integers(0, 2 ** 32 - 1)))


@settings(max_examples=100, deadline=None)
@given(cases())
def test_crops_are_those_of_the_twin(case):
    images, size, padding, seed = case
    before = images.copy()
    mine, its = (np.random.RandomState(seed) for _ in range(2))
    crops = crop_and_mirror(images, mine, size, padding)
    expected = twin(images, its, size, padding)
    assert crops.dtype == images.dtype
    np.testing.assert_array_equal(crops, expected)
    np.testing.assert_array_equal(images, before)
    # As much is drawn, whatever the images are.
    assert mine.randint(2 ** 31) == its.randint(2 ** 31)
    assert not np.shares_memory(crops, images)


def test_every_place_and_either_side_is_as_likely():
    images = np.broadcast_to(numbered(1, 1, 4, 4), (20000, 1, 4, 4))
    crops = crop_and_mirror(images, np.random.RandomState(0), 3, 1)
    different, counts = np.unique(crops, axis=0, return_counts=True)
    assert len(different) == 4 * 4 * 2
    # Binomial: 625 expected, deviation 25.
    assert abs(counts - 625).max() < 5 * 25


def test_small_crops_are_a_part_of_a_large_image():
    images = numbered(50, 3, 64, 64)
    crops = crop_and_mirror(images, np.random.RandomState(1), 32)
    assert crops.shape == (50, 3, 32, 32)
    for crop, image in zip(crops, images):
        inside = crop[crop != 0]
        assert np.isin(inside, image).all() and inside.size >= 3 * 28 * 28
        # In either direction, one column on is one more.
        steps = np.diff(crop[0, 10][crop[0, 10] != 0])
        assert (steps == 1).all() or (steps == -1).all()


def test_the_same_generator_draws_the_same_again():
    images = numbered(8, 3, 32, 32)
    first, again, other = (crop_and_mirror(
        images, np.random.RandomState(seed), 32) for seed in (
            [3, 5, 7], [3, 5, 7], [3, 5, 8]))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_images_that_are_too_small():
    with pytest.raises(UserError) as caught:
        crop_and_mirror(numbered(1, 3, 30, 23), np.random.RandomState(0), 32)
    assert str(caught.value) == (
        'expected images of 24 x 24 pixels or more for crops of 32 with 4 '
        'zeros on each side, got 30 x 23')
