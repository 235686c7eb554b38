"""A ledger in words: shares, counts, verdicts, and its rows as a table."""

import statistics
from functools import partial
from typing import NamedTuple, Sequence

from study import verdicts

#: Verdicts as CSS classes.
SLUGS = dict(zip(verdicts.VERDICTS, (
    'reproduced', 'artefact', 'failed', 'contradictory', 'unmeasured')))
HEAD = ('paper\'s number', 'place', 'theirs')


class Table(NamedTuple):
    """A caption, the columns' names, and rows of texts."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def ledger_rows(ledger):
    """The ledger's rows, with ours and exact as text, and a CSS class."""
    return [dict(row, ours_text=measured(row, row['ours']),
                 exact_text=measured(row, row['exact']),
                 slug=SLUGS.get(row['verdict'], 'unmeasured'))
            for row in ledger['rows']]


def ledger_table(chapter, ledger):
    """The ledger as the Table of a chapter."""
    return Table(chapter.caption, *number_by_number(ledger['rows'],
                                                    *chapter.heads))


def number_by_number(rows, ours, exact):
    """Head and cells of a ledger: theirs, ours by two measures, verdict."""
    return HEAD + (ours, exact, 'verdict'), [
        (row['quantity'], row['place'], row['quoted'],
         measured(row, row['ours']), measured(row, row['exact']),
         row['verdict']) for row in rows]


def measured(row, ours):
    """A measurement with its deviation over seeds and its interval."""
    if ours is None:
        return '–'
    show = partial(verdicts.format_value, row['unit'])
    text = show(ours['mean'])
    if ours['sd'] is not None:
        text += ' ± %s' % show(ours['sd']).replace('10^', '')
    if ours['low'] is not None:
        text += ' [%s, %s]' % (show(ours['low']), show(ours['high']))
    return text


def table(head, rows):
    """A Markdown table of rows of texts."""
    return '\n'.join('| %s |' % ' | '.join(
        str(cell).replace('|', '\\|') for cell in row)
        for row in [head, ['---'] * len(head)] + list(rows))


def percent(count, total):
    """'66.9 %'; '–' of nothing."""
    return '%.1f %%' % (100 * count / total) if total else '–'


def rate(row):
    """'66.9 % (666 of 995)', of a dict with count and total."""
    return '%s (%s of %s)' % (percent(row['count'], row['total']),
                              thousands(row['count']),
                              thousands(row['total']))


def interval(low, high):
    """'64.0–69.8', of two fractions of 1."""
    return '%.1f–%.1f' % (100 * low, 100 * high)


def thousands(number):
    """'10,000'."""
    return '{:,}'.format(number)


def counted(ledger, whose='the paper\'s %d numbers'):
    """'Of the paper's 59 numbers: 28 reproduced; ...'."""
    counts = verdicts.verdict_counts(ledger)
    parts = ['%d %s' % (count, verdict) for verdict, count in counts.items()
             if count and verdict != verdicts.UNMEASURED]
    text = 'Of %s: %s' % (whose % len(ledger['rows']),
                          '; '.join(parts) or 'none is measured yet')
    if parts and counts[verdicts.UNMEASURED]:
        text += '; %d %s' % (counts[verdicts.UNMEASURED], verdicts.UNMEASURED)
    return text + '.'


def known(values, factor=1):
    """The numbers among some values, times a factor."""
    return [factor * value for value in values if value is not None]


def seeds(row):
    """'seed 0', '3 seeds', of a row of several."""
    return ('seed %d' % row['seeds'][0] if len(row['seeds']) == 1
            else '%d seeds' % len(row['seeds']))


def beside(form, ours, theirs=None, by_seed=()):
    """'99.16 ± 0.05 [99.15]': theirs in brackets, the deviation over seeds."""
    text = '–' if ours is None else form % ours
    if len(by_seed) > 1:
        text += ' ± ' + form % statistics.stdev(by_seed)
    return text if theirs is None else '%s [%s]' % (text, form % theirs)
