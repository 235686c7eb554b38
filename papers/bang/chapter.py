"""BANG's chapter of the report."""

import os
from functools import partial

from papers.bang import figure_grid, figure_rules, finding, summary
from papers.bang.paper import PAPER
from papers.bang.run_format import BANG
from papers.bang.tables import HEAD, MARK, line, markdown
from reporting import tables
from reporting.chapters import Chapter
from storage.run_description import read_description
from study.ledger import read_ledger
from study.settings import command


def context(sources):
    """What only this chapter's templates show."""
    return {'finding': finding.finding(sources.ledger),
            'verdict_sentence': summary.verdict_sentence(sources.ledger)}


def chapter_tables(sources):
    """The Tables by name."""
    return {'bang': tables.ledger_table(CHAPTER, sources.ledger),
            'bang-models': tables.Table(
                'Table 1 of BANG as it came out here, ± over seeds; the '
                'paper\'s figures in brackets.', HEAD,
                [line(row) for row in sources.ledger['models']])}


def figures(sources):
    """The Drawings in order."""
    return [draw(sources) for draw in (
        figure_rules.rules, figure_grid.surfaces, figure_rules.noise)]


CHAPTER = Chapter(
    name='bang', short='BANG',
    title='BANG: does balancing a batch make a network robust?',
    ledger=os.path.join('bang', 'ledger.json'),
    read=partial(read_ledger, PAPER),
    read_run=lambda folder: read_description(folder, BANG),
    made_by='python ' + PAPER.command, command=partial(command, PAPER),
    heads=('ours (float32)', 'FGS by log-odds'),
    caption='The numbers of BANG\'s table 1 and section 4.1, and ours.',
    brief=lambda ledger: finding.finding(ledger, short=True),
    context=context, tables=chapter_tables, figures=figures,
    templates=os.path.join(os.path.dirname(os.path.abspath(__file__)),
                           'templates'),
    page='docs/bang.md', mark=MARK, markdown=markdown)
