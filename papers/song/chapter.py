"""Song's chapter of the report."""

import os

from papers.song import finding, rates, tables
from papers.song.beside import read_beside
from papers.song.explorer_embedding import embed
from papers.song.figures import budget, gradient, maps, sweep, training
from papers.song.paper import PAPER
from papers.song.run_format import SONG
from reporting.chapters import Chapter
from reporting.numbers import counted
from reporting.tables import ledger_table


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
        sweep.accuracy, sweep.success, gradient.gradients, gradient.margins,
        budget.drawing, training.drawing)] + maps.map_drawings(
            sources) + maps.film_drawings(sources)


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
