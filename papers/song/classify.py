"""One image, ten probabilities: at T = 1 and at the model's own T."""

import os
import re

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

import data
from command_line import shortened
from errors import UserError
from metrics.classification import probabilities

#: Grey levels between which a picture must reach: a blank sheet's photograph
#: varies by a few.
CONTRAST = 8


def find_image(text, model, directory=None):
    """An image by its index in the model's test set, or from a file.

    The text is a whole number, or the path of an image file; MNIST lies in
    the directory. Returns uint8 (1, 1, 28, 28), white on black as MNIST is,
    and what the image is called.
    """
    if not re.fullmatch('-?[0-9]+', text):
        return read_image(text), text
    test = data.load(model.dataset, directory).test
    index = int(text) if len(text) < 20 else -1     # longer: none of ours
    if not 0 <= index < len(test.labels):
        raise UserError('--classify: expected a test image from 0 to %d, got '
                        '%s' % (len(test.labels) - 1, shortened(text)))
    return test.images[index:index + 1], '%s test image %d, labelled %d' % (
        data.LABELS[model.dataset], index, test.labels[index])


def read_image(path):
    """An image file as uint8 (1, 1, 28, 28), white on black.

    Turned as its EXIF data say, made grey, resampled, and inverted if it is
    brighter than mid-grey, as then it is black on white.
    """
    try:
        with Image.open(path) as picture:
            grey = grey_levels(ImageOps.exif_transpose(picture)).resize(
                (28, 28), Image.LANCZOS)
    except (FileNotFoundError, IsADirectoryError):
        raise UserError('--classify: expected an image file or a test index, '
                        'found no file %s' % path) from None
    except (UnidentifiedImageError, Image.DecompressionBombError,
            SyntaxError, ValueError, OSError) as error:
        if isinstance(error, PermissionError):
            raise
        raise UserError('--classify: expected an image, %s is none that can '
                        'be read (%s)' % (path, error)) from None
    pixels = np.asarray(grey, np.uint8)                     # (28, 28)
    if np.ptp(pixels) < CONTRAST:
        raise UserError('--classify: expected a digit, %s is blank, nearly '
                        'one grey level throughout (transparent counts as '
                        'white): choose another picture' % path)
    if pixels.mean() > 127:
        pixels = 255 - pixels
    return pixels[np.newaxis, np.newaxis]


def grey_levels(picture):
    """A picture of any kind as one of 256 grey levels (Pillow's 'L').

    Colours are laid on white, through which transparent ones show. Whole
    numbers of 16 and 32 bits and floats, of which no scale is known, are
    scaled so that the smallest becomes black and the largest white.
    """
    if picture.mode[0] not in 'IF':
        white = Image.new('RGBA', picture.size, 'white')
        return Image.alpha_composite(
            white, picture.convert('RGBA')).convert('L')
    values = np.array(picture, np.float64)                  # (h, w)
    if 'transparency' in picture.info:      # of a PNG of 16 bits: the value
        values[values == picture.info['transparency']] = 2 ** 16 - 1
    if not np.isfinite(values).all():
        raise ValueError('some of its values are no finite numbers')
    values = values - values.min()
    scale = 255 / (values.max() or 1)
    return Image.fromarray(np.rint(values * scale).astype(np.uint8))


def classification_table(logits, name, model):
    """Ten probabilities as text, of logits (1, 10), computed in float64."""
    temperature = model.temperature
    at_one = probabilities(logits)[0]                       # (10,)
    at_t = probabilities(logits, temperature)[0]            # (10,)
    lines = ['%s: predicted %d' % (name, logits[0].argmax()),
             '%s, %s' % (os.path.normpath(model.folder),
                         model.description['title']),
             'digit        logit   p at T = 1   p at T = %g' % temperature]
    lines += ['%5d %12.4f   %.6e   %.6e' % (digit, logits[0, digit],
                                           at_one[digit], at_t[digit])
              for digit in range(len(at_one))]
    return '\n'.join(lines)
