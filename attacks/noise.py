"""Random distortions: how often Gaussian noise changes a classifier's mind.

BANG (Rozsa et al.), section 4: every image is distorted many times by noise
of one standard deviation, and what is counted are the distortions that are
classified as something else.
"""

import numpy as np

LARGEST = 255  # the brightest grey level


def distort(image, noise, sigma, bounded=True):
    """An image with noise of a standard deviation on it.

    Parameters
    ----------
    image : numpy.ndarray, float (channels, height, width)
        Grey levels from 0 to 255.
    noise : numpy.ndarray, float (n, channels, height, width)
        Of standard deviation 1.
    sigma : float
        In grey levels.
    bounded : bool
        Round to whole grey levels and keep them from 0 to 255, as pixels
        are.

    Returns
    -------
    numpy.ndarray, float (n, channels, height, width)
        Of the noise's type.
    """
    distorted = noise * noise.dtype.type(sigma) + image
    if bounded:
        np.rint(distorted, out=distorted)
        np.clip(distorted, 0, LARGEST, out=distorted)
    return distorted


def count_changes(predict, images, classes, sigma, repeats, seed,
                  bounded=True):
    """Of so many distortions of each image, those with another class.

    The noise depends on the seed and on the image's place alone: with the
    same seed, every classifier and every sigma meets the same noise.

    Parameters
    ----------
    predict : callable
        (b, channels, height, width) grey levels -> (b,) integer classes.
    images : numpy.ndarray, float (n, channels, height, width)
        Grey levels.
    classes : numpy.ndarray, integer (n,)
        What the undistorted images are classified as.
    sigma : float
    repeats, seed : int
    bounded : bool
        See `distort`.

    Returns
    -------
    numpy.ndarray, int64 (n,)
        From 0 to `repeats`.
    """
    changes = np.zeros(len(images), np.int64)
    for place, image in enumerate(images):
        generator = np.random.Generator(np.random.SFC64([seed, place]))
        noise = generator.standard_normal((repeats,) + image.shape,
                                          np.float32)
        found = predict(distort(image, noise, sigma, bounded))    # (repeats,)
        changes[place] = np.sum(found != classes[place])
    return changes
