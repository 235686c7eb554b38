"""Song's chapter of the report."""

import json
import os
from typing import Dict, List, NamedTuple, Optional

from errors import UserError
from papers.song import finding, rates, tables
from papers.song.explorer_embedding import embed
from papers.song.explorer_store import Explorer, read_explorer
from papers.song.figures import curves, maps, sweep
from papers.song.paper import PAPER
from papers.song.run_format import SONG
from reporting.chapters import Chapter, models
from reporting.tables import counted, ledger_table

EXPLORER, HISTORY = 'explorer', 'history.json'
COLUMNS = ('epoch', 'cross_entropy', 'validation_accuracy')


class History(NamedTuple):
    """The epochs of one training: model, seed, list of dict."""

    model: str
    seed: str
    epochs: List[Dict[str, float]]


class Beside(NamedTuple):
    """Beside the ledger: an Explorer or None, the models' histories."""

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


def brief(ledger):
    """What was found, in a few sentences."""
    return finding.finding(ledger, short=True) + [finding.thesis(ledger)]


def context(sources):
    """What only this chapter's templates show."""
    ledger = sources.ledger
    algorithm, found = finding.headline(ledger)
    return {
        'claim': finding.claim(ledger), 'finding': finding.finding(ledger),
        'thesis': finding.thesis(ledger),
        'kind': finding.finding_kind(found),
        'verdict_sentence': counted(ledger),
        'literature': finding.literature(ledger),
        'headline': headline_bars(found), 'headline_algorithm': algorithm,
        'arithmetics': rates.ARITHMETICS,
        'arithmetic': tables.arithmetic_rows(ledger['arithmetic']),
        'unbounded': tables.arithmetic_rows(ledger['unbounded']),
        'checklist': ledger['checklist'],
        'explorer': embed(sources.beside.explorer)}


def headline_bars(found):
    """The headline's rates: model names with a cell an arithmetic."""
    return [(rates.model_name(model),
             {name: tables.success(found[model, name])
              for name in rates.ARITHMETICS})
            for model in dict.fromkeys(model for model, _ in found)]


def chapter_tables(sources):
    """The Tables by name."""
    ledger = sources.ledger
    return {'ledger': ledger_table(CHAPTER, ledger),
            'arithmetic': tables.arithmetic_table(ledger['arithmetic']),
            'sweep': tables.sweep_table(ledger['sweep'])}


def figures(sources):
    """The Drawings in order, those of recorded attacks last."""
    return [draw(sources) for draw in (
        sweep.accuracy, sweep.success, sweep.gradients, sweep.margins,
        curves.budget, curves.learning)] + maps.drawings(sources)


CHAPTER = Chapter(
    name='song', short='Song 2017',
    title='Song 2017: does temperature make a network robust?',
    paper=PAPER, form=SONG, heads=('ours (float32)', 'log-odds'),
    caption='Every number that the paper prints, and ours.', brief=brief,
    context=context, tables=chapter_tables, figures=figures,
    templates=os.path.join(os.path.dirname(os.path.abspath(__file__)),
                           'templates'),
    page='docs/song.md', mark=tables.MARK, markdown=tables.markdown,
    beside=read_beside)
