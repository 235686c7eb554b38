"""One image, ten probabilities: at T = 1 and at the model's own T."""

import os
import re

import numpy as np
from PIL import Image, UnidentifiedImageError

import data
from command_line import shortened
from errors import UserError
from metrics.classification import probabilities


def find_image(text, model, directory=None):
    """An image by its index in the test set, or from a file.

    Parameters
    ----------
    text : str
        A whole number, or the path of an image file.
    model : network.model_file.Model
        Its data set is the one indexed.
    directory : str, optional
        Where MNIST lies.

    Returns
    -------
    image : numpy.ndarray, uint8 (1, 1, 28, 28)
        White on black, as MNIST is.
    name : str
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

    Colours become grey levels, other sizes are resampled, and a picture
    brighter than mid-grey is taken for black on white and inverted.
    """
    try:
        with Image.open(path) as picture:
            grey = picture.convert('L').resize((28, 28), Image.LANCZOS)
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
    if pixels.mean() > 127:
        pixels = 255 - pixels
    return pixels[np.newaxis, np.newaxis]


def classification_table(logits, name, model):
    """Ten probabilities as text, computed from the logits in float64.

    Parameters
    ----------
    logits : numpy.ndarray (1, 10)
    name : str
    model : network.model_file.Model
    """
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
