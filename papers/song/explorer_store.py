"""explorer.json and explorer.npz: recorded attacks, written and read.

explorer.json says what was recorded: format, title, command, identity
(see `storage.identity`), dataset, models, algorithms, arithmetics,
variant, limit, labels, test_indices, machine, and the SHA-256 of the .npz.

explorer.npz holds `images`, (n, 28, 28) uint8, and by the name
MODEL/ARITHMETIC/ALGORITHM/NAME the arrays of `saliency.outcome.pack` and

logits   (n, limit + 1, 10) float32, z after 0, 1, ... pixels, then NaN
answers  (n, limit + 1) int8, the class predicted from them, then -1
step     (n, m) int16, the numbers of pixels after which a map was made,
         then -1; 0 first, and only that but for Algorithm 4
map      (n, m, 784) float16 and scale (n, m) float64: a map's values are
         map * scale, or, where they are logarithms, map + scale
"""

import os
from typing import Any, Dict, NamedTuple

import numpy as np

from errors import UserError
from saliency.outcome import unpack
from storage.atomic import atomic_file, write_json
from storage.attack_file import read_ours
from storage.model_file import checksum, read_npz

ABOUT, ARRAYS = 'explorer.json', 'explorer.npz'
FORMAT = 'song2017-explorer/1'
ENTRIES = ('title', 'command', 'identity', 'dataset', 'models', 'algorithms',
           'arithmetics', 'variant', 'limit', 'labels', 'test_indices',
           'machine', 'sha256')


class Explorer(NamedTuple):
    """What explorer.json says, and the arrays of explorer.npz."""

    about: Dict[str, Any]
    arrays: Dict[str, np.ndarray]

    def runs(self):
        """(model, arithmetic, algorithm) of all recorded attacks."""
        return [(model, arithmetic, algorithm)
                for model in self.about['models']
                for algorithm in self.about['algorithms']
                for arithmetic in self.about['arithmetics']]

    def run(self, *key):
        """The arrays of an attack, by their names alone."""
        start = prefix(*key)
        return {name[len(start):]: array for name, array
                in self.arrays.items() if name.startswith(start)}

    @property
    def images(self):
        """The originals, (n, 1, 28, 28) float32 in [0, 1)."""
        return (self.arrays['images'][:, None] / 256).astype(np.float32)

    def outcome(self, *key):
        """An attack's `saliency.outcome.Outcome`, on `images`."""
        return unpack(self.run(*key), self.images)


def prefix(model, arithmetic, algorithm):
    """What the names of an attack's arrays begin with."""
    return '%s/%s/%d/' % (model, arithmetic, algorithm)


def write_explorer(folder, about, arrays):
    """Write both files, the description last."""
    path = os.path.join(folder, ARRAYS)
    with atomic_file(path) as stream:
        np.savez_compressed(stream, **arrays)
    write_json(os.path.join(folder, ABOUT),
               dict(about, format=FORMAT, sha256=checksum(path)))


def read_about(folder):
    """explorer.json, checked to be ours; None without one."""
    return read_ours(
        os.path.join(folder, ABOUT), 'recorded attacks of format ' + FORMAT,
        lambda about: about['format'] == FORMAT and set(ENTRIES) <= set(about),
        'run explore.py again')


def read_explorer(folder):
    """The Explorer of a folder; None without one.

    A UserError if it is damaged, or not of this format.
    """
    about = read_about(folder)
    if about is None:
        return None
    path = os.path.join(folder, ARRAYS)
    if checksum(path) != about['sha256']:
        raise UserError('%s: expected SHA-256 %s as %s says, got another: '
                        'the file was changed or damaged, restore it or run '
                        'explore.py again' % (path, about['sha256'], ABOUT))
    explorer = Explorer(about, read_npz(path))
    for name, shape in shapes(explorer).items():
        found = explorer.arrays.get(name)
        if found is None or found.shape[:len(shape)] != shape:
            raise UserError('%s: expected %s of shape %s, got %s: run '
                            'explore.py again' % (
                                path, name, shape, 'none' if found is None
                                else found.shape))
    return explorer


def shapes(explorer):
    """The shapes, or their beginnings, that the arrays must have."""
    count, limit = len(explorer.about['labels']), explorer.about['limit']
    of_run = dict(
        dict.fromkeys(('steps', 'success', 'step', 'scale', 'map'), (count,)),
        order=(count, limit), written=(count, limit),
        logits=(count, limit + 1, 10), answers=(count, limit + 1))
    return {'images': (count, 28, 28), **{
        prefix(*key) + name: shape for key in explorer.runs()
        for name, shape in of_run.items()}}
