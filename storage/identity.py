"""What a run's results depend on, and whether two runs are the same."""

import hashlib
import json
import os

from environment.provenance import PACKAGES, versions
from errors import UserError

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def identify(arguments, models, dataset, indices, code, packages=PACKAGES):
    """A JSON-ready dict; runs of equal identity have equal results.

    Parameters
    ----------
    arguments : dict
        Plain values that the results depend on.
    models : dict of str to storage.model_file.Model
    dataset : data.dataset.Dataset
    indices : (n,) int
        Of the test samples.
    code : str
        A digest of the code: see `storage.code.code_digest`.
    packages : tuple of str
        Whose versions the results depend on.
    """
    return {'arguments': arguments,
            'models': {name: model.description['weights_sha256']
                       for name, model in models.items()},
            'data': dataset.identity(),
            'indices': digest(indices.tolist()), 'code': code,
            'versions': versions(packages)}


def digest(value):
    """SHA-256 of a JSON-ready value, in hexadecimal."""
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def check_same(folder, before, now):
    """Refuse to continue a run of one identity with another.

    Raises
    ------
    UserError
        Naming the first difference.
    """
    for name in now:
        old, new = before.get(name), now[name]
        if old == new:
            continue
        if isinstance(new, dict) and isinstance(old, dict):
            key = next(key for key in dict(old, **new)
                       if old.get(key) != new.get(key))
            name = '%s %s' % (name, key.replace('_', '-'))
            old, new = old.get(key), new.get(key)
        raise UserError(
            '%s: expected a new folder or a run to continue, but it holds '
            'one of other %s (%s there, %s here): choose another --out'
            % (folder, name, _brief(old), _brief(new)))


def _brief(value):
    return value if len(str(value)) <= 40 else '%s...' % str(value)[:12]
