"""The ledger's table, as rows of text that every format can take."""

from typing import NamedTuple, Sequence

from study.verdicts import VERDICTS, format_value

#: Verdicts as CSS classes.
SLUGS = dict(zip(VERDICTS, ('reproduced', 'artefact', 'failed',
                            'contradictory', 'unmeasured')))
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
                 ours_value=(row['ours'] or {}).get('mean'),
                 exact_value=(row['exact'] or {}).get('mean'),
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
    unit = row['unit']
    text = format_value(unit, ours['mean'])
    if ours['sd'] is not None:
        text += ' ± %s' % format_value(
            unit, ours['sd']).replace('10^', '')
    if ours['low'] is not None:
        text += ' [%s, %s]' % (format_value(unit, ours['low']),
                               format_value(unit, ours['high']))
    return text


def table(head, rows):
    """A Markdown table of rows of texts."""
    return '\n'.join('| %s |' % ' | '.join(
        str(cell).replace('|', '\\|') for cell in row)
        for row in [head, ['---'] * len(head)] + list(rows))
