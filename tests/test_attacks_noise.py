"""Gaussian noise on images, and what a classifier makes of it."""

import numpy as np

from attacks.noise import count_changes, distort


def half(pixels):
    """A linear classifier: is the mean above 100?"""
    return (pixels.mean(axis=(1, 2, 3)) > 100).astype(int)


def test_noise_has_its_standard_deviation_and_pixels_stay_pixels():
    noise = np.random.RandomState(0).randn(2000, 1, 4, 4).astype(np.float32)
    image = np.full((1, 4, 4), 128, np.float32)
    free = distort(image, noise, 20., bounded=False)
    assert free.dtype == np.float32
    assert abs(free.std() - 20) < .3 and abs(free.mean() - 128) < .3
    bounded = distort(image, noise, 200.)
    assert bounded.min() == 0 and bounded.max() == 255
    np.testing.assert_array_equal(bounded, np.rint(bounded))
    np.testing.assert_array_equal(
        bounded, np.clip(np.rint(noise * np.float32(200) + image), 0, 255))


def test_changes_are_those_of_a_loop():
    images = np.random.RandomState(1).randint(0, 256, (3, 1, 5, 5)).astype(
        np.float32)
    classes = half(images)
    found = count_changes(half, images, classes, 150., 50, 7)
    for place in range(3):
        noise = np.random.Generator(np.random.SFC64([7, place])
                                    ).standard_normal((50, 1, 5, 5),
                                                      np.float32)
        expected = sum(
            half(distort(images[place], one, 150.)[np.newaxis])[0]
            != classes[place] for one in noise)
        assert found[place] == expected
    assert found.sum() > 0


def test_the_share_of_changes_is_the_normal_distributions():
    # The mean of 25 pixels of 110 crosses 100 at -10 / (sigma / 5).
    image = np.full((1, 1, 5, 5), 110, np.float32)
    changes = count_changes(half, image, [1], 30., 20000, 0, bounded=False)
    expected = .0478                     # of N(0, 1), below -5 / 3
    assert abs(changes[0] / 20000 - expected) < 4 * np.sqrt(
        expected * (1 - expected) / 20000)


def test_an_images_noise_is_its_own_whoever_is_asked():
    images = np.random.RandomState(2).rand(4, 1, 3, 3).astype(
        np.float32) * 255
    seen = []

    def remember(pixels):
        seen.append(pixels)
        return np.zeros(len(pixels), int)

    count_changes(remember, images, [0] * 4, 5., 3, 1)
    count_changes(remember, images[:2], [0] * 2, 5., 3, 1)
    for first, again in zip(seen[:2], seen[4:]):
        np.testing.assert_array_equal(first, again)
    assert (seen[0] - images[0] != seen[1] - images[1]).any()
