"""A chapter of the report: what one paper tells of itself, and of what.

The page is a frame, and a list of chapters. A paper adds its own by making
a `Chapter` and a folder of templates; nothing here knows which papers there
are.
"""

import glob
import os
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

from reporting.tables import counted
from storage.run_description import DESCRIPTION, RunFormat, read_description
from study.ledger import read_ledger
from study.paper import Paper

MODELS = 'models'


class Chapter(NamedTuple):
    """What the report needs to know of a paper.

    The functions of a ledger take the dict that it is, those of sources a
    `Sources`.
    """

    #: A word that stands in addresses, as 'song'.
    name: str
    #: Its name in a menu, and its heading.
    short: str
    title: str
    #: Whose ledger it shows, and of which runs the models are.
    paper: Paper
    form: RunFormat
    #: Of the ledger's two columns: ours as published, and exact.
    heads: Tuple[str, str]
    #: Of the ledger's table.
    caption: str
    #: ledger -> list of str: what was found, in a few sentences.
    brief: Callable
    #: sources -> dict of what only this chapter's templates show.
    context: Callable
    #: sources -> dict of name to `reporting.tables.Table`. The report writes
    #: each as LaTeX, too.
    tables: Callable
    #: sources -> list of `reporting.drawings.Drawing`, in their order.
    figures: Callable
    #: The folder of chapter.html and chapter.md, and chapter.css if any.
    templates: str
    #: The document of the checkout that has its ledger, as 'docs/bang.md',
    #: the mark of the ledger's part there (see `study.readme`), and
    #: ledger -> str: that part.
    page: str
    mark: str
    markdown: Callable
    #: Folders, the first to be preferred -> what lies beside the ledger.
    beside: Callable[[Any], Any] = lambda folders: None


class Sources(NamedTuple):
    """All that a chapter shows."""

    ledger: Dict[str, Any]        # see `study.ledger`
    runs: List[Dict[str, Any]]    # run.json of the study's models
    beside: Any = None            # what the chapter's own `beside` read


def gather_all(chapters, root, made):
    """What there is of every chapter: list of (Chapter, Sources or None).

    None is one of which nothing is made or published.

    Parameters
    ----------
    chapters : list of Chapter
    root : str
        The checkout in which their ledgers are published.
    made : dict of str to (str, str)
        By a chapter's name: the ledger that it shows instead of the
        published one, and the folder of the study that made it.

    Raises
    ------
    UserError
        Where something is there and damaged, or a made ledger is not there.
    """
    places = {chapter.name: (os.path.join(
        root, chapter.paper.options.ledger), None)
              for chapter in chapters}
    places.update(made)
    return [(chapter, gather(chapter, *places[chapter.name])
             if chapter.name in made
             or os.path.exists(places[chapter.name][0]) else None)
            for chapter in chapters]


def gather(chapter, path, study=None):
    """A ledger's Sources; what the study has not is beside the ledger."""
    ledger = read_ledger(chapter.paper, path)
    folders = list(filter(None, (study, os.path.dirname(
        os.path.abspath(path)))))
    return Sources(ledger, [read_description(folder, chapter.form)
                            for folder in models(folders)],
                   chapter.beside(folders))


def models(folders):
    """Where the models lie, seed by seed, in the first folder with any."""
    found = ([os.path.dirname(path) for path in sorted(glob.glob(
        os.path.join(glob.escape(folder), MODELS, 'seed*', '*',
                     DESCRIPTION)))] for folder in folders)
    return next(filter(None, found), [])


def parts(chapter, ledger):
    """What results make of the checkout's documents: (path, mark, text)."""
    return [(chapter.page, chapter.mark, chapter.markdown(ledger)),
            ('README.md', 'found in %s' % chapter.name, ' '.join(
                chapter.brief(ledger)
                + [counted(ledger, 'the %d numbers in its ledger')]))]
