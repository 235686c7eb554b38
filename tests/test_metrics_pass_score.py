"""PASS on pairs whose score is known, and its SSIM against a NumPy twin."""

import cv2
import numpy as np
import pytest

from metrics.distances import l_infinity
from metrics.pass_score import (
    CRITERIA,
    FILTER,
    ecc_homography,
    pass_scores,
    similarity,
)


def stroke(count=1, channels=1, side=28, seed=0):
    """Smooth bright blobs on black, (count, channels, side, side) uint8."""
    generator = np.random.RandomState(seed)
    rows, columns = np.mgrid[:side, :side]
    images = []
    for _ in range(count):
        image = sum(200 * np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / w)
                    for y, x, w in generator.uniform((9, 9, 3), (19, 19, 12),
                                                     (4, 3)))
        images.append(np.clip(image, 0, 255))
    return np.repeat(np.array(images)[:, None], channels, 1).astype(np.uint8)


def moved(images, rows, columns):
    return np.roll(images, (rows, columns), (2, 3))


def gaussian_ssim(a, b):
    """Wang et al.'s map with symmetric borders, averaged over all pixels."""
    offsets = np.arange(-5, 6)
    window = np.exp(-offsets ** 2 / (2 * 1.5 ** 2))
    window /= window.sum()

    def blurred(image):
        wide = np.pad(image, 5, mode='symmetric')
        rows = sum(w * wide[k:k + len(image)] for k, w in enumerate(window))
        return sum(w * rows[:, k:k + image.shape[1]]
                   for k, w in enumerate(window))

    a, b = a.astype(float), b.astype(float)
    mean_a, mean_b = blurred(a), blurred(b)
    var_a = blurred(a * a) - mean_a ** 2
    var_b = blurred(b * b) - mean_b ** 2
    covariance = blurred(a * b) - mean_a * mean_b
    c1, c2 = (.01 * 255) ** 2, (.03 * 255) ** 2
    return np.mean((2 * mean_a * mean_b + c1) * (2 * covariance + c2)
                   / ((mean_a ** 2 + mean_b ** 2 + c1)
                      * (var_a + var_b + c2)))


@pytest.mark.parametrize('channels', [1, 3])
def test_the_same_image_scores_one(channels):
    images = stroke(3, channels)
    found = pass_scores(images, images)
    np.testing.assert_allclose(found.score, 1, atol=1e-6)
    assert found.aligned.all()


def test_similarity_is_the_twins():
    generator = np.random.RandomState(1)
    images = generator.randint(0, 256, (2, 3, 20, 24)).astype(np.uint8)
    expected = np.mean([gaussian_ssim(one, other)
                        for one, other in zip(*images)])
    assert abs(similarity(*images) - expected) < 1e-10


@pytest.mark.parametrize('rows, columns', [(1, 0), (0, -2), (1, 1)])
def test_a_shift_is_forgiven(rows, columns):
    images = stroke(4)
    shifted = moved(images, rows, columns)
    found = pass_scores(shifted, images)
    unaligned = [similarity(*pair) for pair in zip(shifted, images)]
    assert found.aligned.all()
    assert (found.score > .95).all()
    assert (found.score > np.array(unaligned) + .02).all()
    homography = ecc_homography(shifted[0, 0], images[0, 0])
    np.testing.assert_allclose(homography[:2, 2], (columns, rows), atol=.3)


def test_more_noise_scores_less():
    images = stroke(6)
    noise = np.random.RandomState(2).randn(*images.shape)
    scores = [pass_scores(np.clip(images + sigma * noise, 0, 255).astype(
        np.uint8), images).score for sigma in (5, 20, 60)]
    assert (scores[0] > scores[1]).all() and (scores[1] > scores[2]).all()


def test_what_cannot_be_aligned_is_told_and_scored_as_it_is():
    images = stroke(2)
    flat = np.full_like(images, 90)
    found = pass_scores(flat, images)
    assert not found.aligned.any()
    np.testing.assert_array_equal(
        found.score, [similarity(*pair) for pair in zip(flat, images)])


def test_threads_change_nothing():
    images = stroke(5)
    other = moved(stroke(5, seed=3), 1, 1)
    one, four = (pass_scores(other, images, threads) for threads in (1, 4))
    np.testing.assert_array_equal(one.score, four.score)


def test_the_image_that_is_moved_is_the_one_asked_for():
    images = stroke(4)
    other = stroke(4, seed=3)
    there, back = (pass_scores(other, images, moved=moved)
                   for moved in ('adversarial', 'original'))
    np.testing.assert_array_equal(pass_scores(images, other).score,
                                  back.score)
    assert (there.score != back.score).any()


@pytest.mark.parametrize('channels', [1, 3])
def test_without_alignment_images_score_as_they_are(channels):
    images, other = stroke(4, channels), moved(stroke(4, channels), 1, 0)
    found = pass_scores(other, images, moved='none')
    np.testing.assert_array_equal(
        found.score, [similarity(*pair) for pair in zip(other, images)])
    assert not found.aligned.any()


def test_opencv_aligns_no_colour():
    """Why the paper's scores in colour may be of unaligned images."""
    colour = stroke(1, 3)[0].transpose(1, 2, 0)
    with pytest.raises(cv2.error):
        cv2.findTransformECC(colour, colour, np.eye(3, dtype=np.float32),
                             cv2.MOTION_HOMOGRAPHY, CRITERIA, None, FILTER)


def test_no_pairs():
    nothing = np.zeros((0, 1, 28, 28), np.uint8)
    assert [len(part) for part in pass_scores(nothing, nothing)] == [0, 0]


def test_l_infinity_does_not_wrap_around():
    first = np.zeros((2, 1, 2, 2), np.uint8)
    second = first.copy()
    second[0, 0, 0, 1], second[1, 0, 1, 1] = 255, 3
    np.testing.assert_array_equal(l_infinity(first, second), [255, 3])
    np.testing.assert_array_equal(l_infinity(second, first), [255, 3])
