"""The report's chapter of the page."""

import os

from papers.smooth import figures as drawings
from papers.smooth.explanations import needed
from papers.smooth.finding import finding, verdict_sentence
from papers.smooth.paper import PAPER
from papers.smooth.plan import RISING
from papers.smooth.run_format import SMOOTH
from papers.smooth.settings import PARTS, WIDTH
from papers.smooth.tables import MARK, all_tables, markdown
from reporting import tables
from reporting.chapters import Chapter


def context(sources):
    """What only this chapter's templates show."""
    return {'finding': finding(sources.ledger),
            'verdict_sentence': verdict_sentence(sources.ledger),
            'width': sources.ledger['study']['settings']['width'],
            'reported_width': WIDTH, 'rising': RISING,
            'needed': '%.2f %%' % (100 * needed())}


def chapter_tables(sources):
    """The Tables by name."""
    return dict({'smooth': tables.ledger_table(CHAPTER, sources.ledger)},
                **all_tables(sources.ledger))


def figures(sources):
    """The Drawings in order."""
    return [draw(sources, part) for part in PARTS
            for draw in (drawings.curves, drawings.made_of)]


CHAPTER = Chapter(
    name='smooth', short='Smoothness and Parseval',
    title='Smoothness and Parseval: is robustness to one step robustness?',
    paper=PAPER, form=SMOOTH,
    heads=('ours (FGSM, float32)', 'FGSM by log-odds, float64'),
    caption='The numbers of the report\'s tables, and ours.',
    brief=lambda ledger: finding(ledger, short=True),
    context=context, tables=chapter_tables, figures=figures,
    templates=os.path.join(os.path.dirname(os.path.abspath(__file__)),
                           'templates'),
    page='docs/smooth.md', mark=MARK, markdown=markdown)
