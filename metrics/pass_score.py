"""PASS, the perceptual adversarial similarity score.

Rozsa, Rudd and Boult (2016): PASS(x', x) = SSIM(psi(x', x), x), where the
homography psi aligns the adversarial image with the original by maximising
the enhanced correlation coefficient (ECC), so that small shifts and turns,
which nobody notices, cost nothing. 1 is the same image.

ECC is OpenCV's, with its defaults of 50 iterations, a threshold of 0.001 and
a Gaussian filter of 5 x 5; what moves in from outside of the image is black.
SSIM (Wang et al., 2004) is scikit-image's with a Gaussian window of 11 x 11
pixels and sigma 1.5. It is averaged over all pixels: the paper's numbers are
those of all pixels, not of those whose window lies within the image. ECC
sees a colour image in grey; its SSIM is the mean over the channels.

The formula moves the adversarial image. What BANG's Table 1 prints of its
authors' own weights is rather what comes out where the original is moved
onto the adversarial image, and Table 2, in colour, where nothing is moved:
see docs/bang.md.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import cv2
import numpy as np
from skimage.metrics import structural_similarity

CRITERIA = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 50, 1e-3)
FILTER = 5  # pixels
MOVED = ('adversarial', 'original', 'none')


class Passes(NamedTuple):
    """PASS of n pairs, and whether each could be aligned, (n,) each.

    Where nothing shall be moved, ECC does not converge, or one of the images
    is of one colour, the score is that of the image as it is, psi the
    identity.
    """

    score: np.ndarray
    aligned: np.ndarray


def pass_scores(adversarial, original, threads=1, moved=MOVED[0]):
    """PASS of pairs of images.

    Parameters
    ----------
    adversarial, original : (n, c, h, w) uint8
        c is 1 or 3 (red, green, blue); h and w at least 11.
    threads : int
        Pairs scored at once.
    moved : str
        Which image psi moves onto the other, if any: one of MOVED.

    Returns
    -------
    Passes
        float64 and bool.
    """
    cv2.setNumThreads(1)
    one, other, score_pair = {
        'adversarial': (adversarial, original, pass_score),
        'original': (original, adversarial, pass_score),
        'none': (adversarial, original, unaligned_score)}[moved]
    with ThreadPoolExecutor(threads) as pool:
        pairs = list(pool.map(score_pair, one, other))
    score, aligned = zip(*pairs) if pairs else ((), ())
    return Passes(np.array(score, float), np.array(aligned, bool))


def pass_score(moving, still):
    """PASS of one pair (c, h, w) uint8, and whether it could be aligned."""
    homography = ecc_homography(grey(moving), grey(still))
    if homography is None:
        return unaligned_score(moving, still)
    return similarity(warp(moving, homography), still), True


def unaligned_score(first, second):
    """SSIM of one pair (c, h, w) uint8 as they are, and that they are."""
    return similarity(first, second), False


def ecc_homography(moving, still):
    """The 3 x 3 homography that aligns two (h, w) uint8 images, or None."""
    try:
        _, homography = cv2.findTransformECC(
            still, moving, np.eye(3, dtype=np.float32),
            cv2.MOTION_HOMOGRAPHY, CRITERIA, None, FILTER)
    except cv2.error:  # it diverges, or the matrix to invert is singular
        return None
    return homography if np.isfinite(homography).all() else None


def warp(image, homography):
    """A (c, h, w) uint8 image seen through a homography, bilinearly."""
    size = image.shape[:0:-1]  # (w, h)
    return np.stack([cv2.warpPerspective(
        channel, homography, size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP) for channel in image])


def similarity(first, second):
    """Mean SSIM of two (c, h, w) uint8 images over pixels and channels."""
    return float(np.mean([structural_similarity(
        one, other, gaussian_weights=True, sigma=1.5,
        use_sample_covariance=False, data_range=255, full=True)[1]
        for one, other in zip(first, second)]))


def grey(image):
    """(h, w) uint8 of (c, h, w)."""
    if len(image) == 1:
        return image[0]
    return cv2.cvtColor(np.ascontiguousarray(image.transpose(1, 2, 0)),
                        cv2.COLOR_RGB2GRAY)
