"""Random crops and mirrored images, from a generator that is given.

They are drawn from it alone, so a training that makes one of its seed, epoch
and batch draws the same again after it was killed.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from errors import UserError


def crop_and_mirror(images, generator, size, padding=4):
    """A random square of every image, mirrored in one of two cases.

    The crop is anywhere in the image with its border of zeros, each place as
    likely, and smaller or larger than the image: 32 pixels of 64 with a
    border of 4, say. The border is black only where 0 is, so pixels are to
    be normalised after it.

    Parameters
    ----------
    images : numpy.ndarray, (b, c, h, w)
        Of any dtype; it stays as it is.
    generator : numpy.random.RandomState
        Three draws of b numbers each are taken from it: rows, columns, sides.
    size : int
        Of the crops' edges, in pixels.
    padding : int
        Zeros added on each side.

    Returns
    -------
    numpy.ndarray, (b, c, size, size)
        A new array of the same dtype.

    Raises
    ------
    UserError
        The images are too small.
    """
    count, _, height, width = images.shape
    if size > min(height, width) + 2 * padding:
        raise UserError(
            'expected images of %d x %d pixels or more for crops of %d with '
            '%d zeros on each side, got %d x %d' % (
                size - 2 * padding, size - 2 * padding, size, padding,
                height, width))
    border = (padding, padding)
    padded = np.pad(images, ((0, 0), (0, 0), border, border))
    rows = generator.randint(0, padded.shape[2] - size + 1, count)
    columns = generator.randint(0, padded.shape[3] - size + 1, count)
    mirrored = generator.random_sample(count) < .5
    windows = sliding_window_view(padded, (size, size), axis=(2, 3))
    # (b, c, rows, columns, size, size), of which a copy is taken here
    crops = windows[np.arange(count), :, rows, columns]
    crops[mirrored] = crops[mirrored][..., ::-1]
    return crops
