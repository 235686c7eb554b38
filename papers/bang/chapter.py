"""BANG's chapter of the report."""

import os

from papers.bang import figure_grid, figure_rules, finding, summary
from papers.bang.ledger import read_ledger
from papers.bang.settings import FULL, QUICK
from papers.bang.system import BANG
from papers.bang.tables import HEAD, MARK, line, markdown
from reporting import tables
from reporting.chapters import Chapter
from storage.run_description import read_description

SCRIPT = 'python reproduce_bang.py'


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


def command(study):
    """What continues the study, in one line."""
    settings = study['settings']
    usual = QUICK if study['quick'] else FULL
    words = [SCRIPT] + ['--quick'] * study['quick']
    for name in sorted(set(usual) - {'dataset'}):
        value, default = settings.get(name, usual[name]), usual[name]
        if isinstance(value, (list, tuple)):
            value, default = [' '.join('%g' % item for item in items)
                              for items in (value, default)]
        if value != default:
            words.append('--%s %s' % (name.replace('_', '-'), value))
    return ' '.join(words)


CHAPTER = Chapter(
    name='bang', short='BANG',
    title='BANG: does balancing a batch make a network robust?',
    ledger=os.path.join('bang', 'ledger.json'), read=read_ledger,
    read_run=lambda folder: read_description(folder, BANG),
    made_by=SCRIPT, command=command,
    heads=('ours (float32)', 'FGS by log-odds'),
    caption='The numbers of BANG\'s table 1 and section 4.1, and ours.',
    brief=lambda ledger: finding.finding(ledger, short=True),
    context=context, tables=chapter_tables, figures=figures,
    templates=os.path.join(os.path.dirname(os.path.abspath(__file__)),
                           'templates'),
    page='docs/bang.md', mark=MARK, markdown=markdown)
