"""What a report is made of: a ledger, and what lies beside it."""

import glob
import json
import os
from typing import Any, Dict, List, NamedTuple, Optional

from errors import UserError
from papers.bang.paper import PAPER as BANG_PAPER
from papers.song.explorer_store import Explorer, read_explorer
from papers.song.paper import PAPER
from papers.song.run_format import SONG
from storage.run_description import DESCRIPTION, read_description
from study.ledger import read_ledger

EXPLORER, MODELS, HISTORY = 'explorer', 'models', 'history.json'
BANG = os.path.join('bang', 'ledger.json')
COLUMNS = ('epoch', 'cross_entropy', 'validation_accuracy')


class History(NamedTuple):
    """The epochs of one training: model, seed, list of dict."""

    model: str
    seed: str
    epochs: List[Dict[str, float]]


class Sources(NamedTuple):
    """All that the report shows.

    Attributes
    ----------
    ledger : dict
        See `study.ledger`.
    explorer : papers.song.explorer_store.Explorer or None
    histories : list of History
    runs : list of dict
        run.json of the study's models.
    bang : dict or None
        See `papers.bang.ledger`.
    """

    ledger: Dict[str, Any]
    explorer: Optional[Explorer]
    histories: List[History]
    runs: List[Dict[str, Any]]
    bang: Optional[Dict[str, Any]] = None


def gather(path, study, bang=None):
    """Read a ledger and what the study, or its own folder, has beside it.

    Parameters
    ----------
    path : str
        Of ledger.json.
    study : str
        The study's folder; what it has not is looked for beside the ledger.
    bang : str, optional
        Path of BANG's ledger; by default that beside the ledger, if any.

    Returns
    -------
    Sources

    Raises
    ------
    UserError
        Where something is there and damaged.
    """
    folders = [study, os.path.dirname(os.path.abspath(path))]
    found = [explorer for explorer in (read_explorer(
        os.path.join(folder, EXPLORER)) for folder in folders) if explorer]
    models = next(filter(None, map(model_folders, folders)), [])
    return Sources(
        read_ledger(PAPER, path), found[0] if found else None,
        [read_history(folder) for folder in models
         if os.path.exists(os.path.join(folder, HISTORY))],
        [read_description(folder, SONG) for folder in models],
        read_bang(bang, os.path.join(folders[1], BANG)))


def read_bang(path, usual):
    """BANG's ledger: that of a path, or the usual one where there is one."""
    if path is None and not os.path.exists(usual):
        return None
    return read_ledger(BANG_PAPER, path or usual)


def model_folders(folder):
    """Where the models of a study lie, seed by seed."""
    return [os.path.dirname(path) for path in sorted(glob.glob(os.path.join(
        glob.escape(folder), MODELS, 'seed*', '*', DESCRIPTION)))]


def read_history(folder):
    """The history.json of a training, checked.

    Raises
    ------
    UserError
    """
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
