"""What a chapter is made of: its ledger, and what lies beside it."""

import glob
import os
from typing import Any, Dict, List, NamedTuple

from storage.run_description import DESCRIPTION

MODELS = 'models'


class Sources(NamedTuple):
    """All that a chapter shows.

    Attributes
    ----------
    ledger : dict
        See `study.ledger`.
    runs : list of dict
        run.json of the study's models.
    beside : object
        What the chapter's own `beside` read.
    """

    ledger: Dict[str, Any]
    runs: List[Dict[str, Any]]
    beside: Any = None


def gather_all(chapters, results, made):
    """What there is of every chapter.

    Parameters
    ----------
    chapters : list of reporting.chapters.Chapter
    results : str
        The folder in which their ledgers are published.
    made : dict of str to (str, str)
        By a chapter's name: the ledger that it shows instead of the
        published one, and the folder of the study that made it.

    Returns
    -------
    list of (Chapter, Sources or None)
        None where nothing is made or published.

    Raises
    ------
    UserError
        Where something is there and damaged, or a made ledger is not there.
    """
    places = {chapter.name: (os.path.join(results, chapter.ledger), None)
              for chapter in chapters}
    places.update(made)
    return [(chapter, gather(chapter, *places[chapter.name])
             if chapter.name in made
             or os.path.exists(places[chapter.name][0]) else None)
            for chapter in chapters]


def gather(chapter, path, study=None):
    """A ledger's Sources; what the study has not is beside the ledger."""
    ledger = chapter.read(path)
    folders = list(filter(None, (study, os.path.dirname(
        os.path.abspath(path)))))
    return Sources(ledger, list(map(chapter.read_run, models(folders))),
                   chapter.beside(folders))


def models(folders):
    """Where the models lie, seed by seed, in the first folder with any."""
    found = ([os.path.dirname(path) for path in sorted(glob.glob(
        os.path.join(glob.escape(folder), MODELS, 'seed*', '*',
                     DESCRIPTION)))] for folder in folders)
    return next(filter(None, found), [])
