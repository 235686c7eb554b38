"""What lies beside Song's ledger: recorded attacks, learning curves."""

import json
import os
from typing import Dict, List, NamedTuple, Optional

from errors import UserError
from papers.song.explorer_store import Explorer, read_explorer
from reporting.chapters import models

EXPLORER, HISTORY = 'explorer', 'history.json'
COLUMNS = ('epoch', 'cross_entropy', 'validation_accuracy')


class History(NamedTuple):
    """The epochs of one training: model, seed, list of dict."""

    model: str
    seed: str
    epochs: List[Dict[str, float]]


class Beside(NamedTuple):
    """An Explorer or None, and the histories of the models."""

    explorer: Optional[Explorer] = None
    histories: List[History] = []


def read_beside(folders):
    """The Beside of some folders, the first that has it.

    A UserError where something is there and damaged.
    """
    found = [explorer for explorer in (read_explorer(
        os.path.join(folder, EXPLORER)) for folder in folders) if explorer]
    return Beside(found[0] if found else None, [
        read_history(folder) for folder in models(folders)
        if os.path.exists(os.path.join(folder, HISTORY))])


def read_history(folder):
    """The history.json of a training; a UserError where it is none."""
    path = os.path.join(folder, HISTORY)
    try:
        with open(path, encoding='utf-8') as stream:
            epochs = [{name: float(record[name]) for name in COLUMNS}
                      for record in json.load(stream)['epochs']]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError('%s: expected the history of a training, got '
                        'something else (%s): restore the file'
                        % (path, error)) from None
    parts = os.path.abspath(folder).split(os.sep)
    return History(parts[-1], parts[-2], epochs)
