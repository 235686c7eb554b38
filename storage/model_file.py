"""A trained model on disk: weights.npz with run.json beside it.

Arrays and JSON only: a file can be looked at with NumPy and a text editor,
and reading one never runs code. This module needs no Theano.
"""

import hashlib
import os
from typing import Dict, NamedTuple

import numpy as np

from errors import UserError
from storage.atomic import write_npz
from storage.run_description import (
    DESCRIPTION,
    describe_status,
    read_description,
)

WEIGHTS = 'weights.npz'


class Model(NamedTuple):
    """A finished model: its folder, run.json as a dict, weights by name."""

    folder: str
    description: Dict
    weights: Dict

    @property
    def temperature(self):
        """The T that it was trained at."""
        return self.description['arguments']['temperature']

    @property
    def dataset(self):
        """The name of the data set: 'mnist'."""
        return self.description['data']['name']


def write_weights(path, weights, about):
    """Write named weights (and one line about them) to `path`; its SHA-256."""
    write_npz(path, dict(weights, about=np.asarray(about)))
    return checksum(path)


def checksum(path):
    """SHA-256 of a file, in hexadecimal."""
    try:
        with open(path, 'rb') as stream:
            return hashlib.sha256(stream.read()).hexdigest()
    except FileNotFoundError:
        raise UserError('%s: expected a file of arrays, found none' % path
                        ) from None


def load_model(path, form):
    """Read a model from its run folder, or from the weights.npz in it.

    A run that is being made longer is still the model that it was. A
    UserError if it is no run of the `RunFormat`, not finished, damaged, or of
    another architecture.
    """
    folder, name = os.path.split(path) if path.endswith('.npz') else (
        path, WEIGHTS)
    if name != WEIGHTS:
        raise UserError('%s: expected a run folder or the %s in one'
                        % (path, WEIGHTS))
    description = read_description(folder, form)
    if 'weights_sha256' not in description:
        raise UserError('%s: expected a finished model, but this run is %s'
                        % (folder, describe_status(description, folder,
                                                   form)))
    weights_path = os.path.join(folder, WEIGHTS)
    found, expected = checksum(weights_path), description['weights_sha256']
    if found != expected:
        raise UserError('%s: expected SHA-256 %s as %s says, got %s: the '
                        'file was changed or damaged, restore or retrain it'
                        % (weights_path, expected, DESCRIPTION, found))
    expected = form.shapes[description['architecture']]
    return Model(folder, description, read_weights(weights_path, expected))


def read_weights(path, expected):
    """The weights in an .npz by name, checked to have the shapes expected."""
    arrays = read_npz(path)
    arrays.pop('about', None)
    shapes = {name: array.shape for name, array in arrays.items()}
    for name in list(expected) + list(shapes):
        if shapes.get(name) != expected.get(name):
            raise UserError(
                '%s: expected the weights of the paper\'s network, with %s of '
                'shape %s, got %s: this is a model of another architecture'
                % (path, name, expected.get(name, 'no such array'),
                   shapes.get(name, 'none')))
    for name, array in arrays.items():
        if array.dtype not in (np.float32, np.float64):
            raise UserError('%s: expected floats in %s, got %s'
                            % (path, name, array.dtype))
        if not np.isfinite(array).all():
            raise UserError('%s: expected finite weights, %s holds NaN or '
                            'infinity: retrain the model' % (path, name))
    return {name: arrays[name] for name in expected}


def read_npz(path):
    """All arrays of an .npz; never a pickle; damage is one clear line."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise UserError('%s: expected a file of arrays, found none' % path
                        ) from None
    except (MemoryError, PermissionError):
        raise
    except Exception as error:
        # Damage in a header surfaces as anything, from TokenError to OSError.
        raise UserError('%s: expected an .npz of plain arrays, got something '
                        'else or a damaged one (%s): restore the file' % (
                            path, (str(error) or repr(error)).splitlines()[0])
                        ) from None
