"""Recorded attacks on toy classifiers, for tests of the report."""

import numpy as np
from toy_models import classifier

from attacking.campaign import Samples
from data import digits
from papers.song.explorer_recording import record
from papers.song.explorer_store import prefix, write_explorer

LIMIT, CLASSES = 8, 4
#: How much larger the logits are: where they are large, floats see nothing.
SCALES = {'std': 6., 'std-T20': 3000., 'distill': 350.}
ALGORITHMS = (1, 2, 4)
DTYPES = {'float32': 'f4', 'float64': 'f8', 'logodds': 'f4'}


def write_toy_explorer(folder):
    """Attack a few digits with all that the explorer can show."""
    archive = digits.load()
    train = archive.train.images.reshape(1400, -1) / 256
    weights = np.linalg.lstsq(train, np.eye(10)[archive.train.labels],
                              rcond=1e-3)[0]
    index = np.array([np.flatnonzero(archive.test.labels == digit)[0]
                      for digit in range(CLASSES)])
    images = archive.test.images[index]                # (n, 1, 28, 28)
    labels = archive.test.labels[index].astype(int)
    arrays = {'images': images[:, 0]}
    for name, scale in SCALES.items():
        for arithmetic, dtype in DTYPES.items():
            model = linear(scale * weights, dtype)
            for algorithm in ALGORITHMS:
                found = record(
                    model, Samples(images, labels, index),
                    (arithmetic, str(algorithm)),
                    {'limit': LIMIT, 'variant': 'paper', 'batch': 4096})
                arrays.update((prefix(name, arithmetic, algorithm) + part,
                               array) for part, array in found.items())
    write_explorer(folder, {
        'title': 'attacks on digits', 'command': 'python explore.py',
        'identity': {}, 'dataset': 'digits', 'models': list(SCALES),
        'algorithms': list(ALGORITHMS), 'arithmetics': list(DTYPES),
        'variant': 'paper', 'limit': LIMIT, 'labels': labels.tolist(),
        'test_indices': index.tolist(), 'machine': {}}, arrays)


def linear(weights, dtype):
    """Softmax of x W."""
    weights = weights.astype(dtype)
    return classifier(
        lambda x: x.reshape(len(x), -1) @ weights,
        lambda x, dz: (dz @ weights.T).reshape(x.shape), dtype)
