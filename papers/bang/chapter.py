"""BANG's chapter of the report."""

import os

from papers.bang import figures as drawings
from papers.bang.finding import finding, verdict_sentence
from papers.bang.paper import PAPER
from papers.bang.run_format import BANG
from papers.bang.settings import CIFAR, LENET_50000, OF_TABLE_1
from papers.bang.tables import HEAD, MARK, TITLES, line, markdown, rows_of
from reporting import tables
from reporting.chapters import Chapter


def context(sources):
    """What only this chapter's templates show."""
    return {'finding': finding(sources.ledger),
            'verdict_sentence': verdict_sentence(sources.ledger)}


def chapter_tables(sources):
    """The Tables by name."""
    return {'bang': tables.ledger_table(CHAPTER, sources.ledger), **{
        'bang-models-' + name: tables.Table(
            '%s, as it came out here, ± over seeds; the paper\'s figures in '
            'brackets.' % title, HEAD,
            [line(row) for row in rows_of(sources.ledger, name)])
        for name, title in TITLES.items()}}


def figures(sources):
    """The Drawings in order."""
    return [draw(sources, name) for name, draw in (
        (OF_TABLE_1, drawings.rules), (LENET_50000, drawings.surfaces),
        (LENET_50000, drawings.noise), (CIFAR, drawings.rules),
        (CIFAR, drawings.surfaces), (CIFAR, drawings.noise))]


CHAPTER = Chapter(
    name='bang', short='BANG',
    title='BANG: does balancing a batch make a network robust?',
    paper=PAPER, form=BANG, heads=('ours (float32)', 'FGS by log-odds'),
    caption='The numbers of BANG\'s tables and of its text, and ours.',
    brief=lambda ledger: finding(ledger, short=True),
    context=context, tables=chapter_tables, figures=figures,
    templates=os.path.join(os.path.dirname(os.path.abspath(__file__)),
                           'templates'),
    page='docs/bang.md', mark=MARK, markdown=markdown)
