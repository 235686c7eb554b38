"""The ledger's table, as rows of text that every format can take."""

from typing import NamedTuple, Sequence

from study.tables import measured
from study.verdicts import VERDICTS

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
    return Table(
        chapter.caption, HEAD + tuple(chapter.heads) + ('verdict',),
        [(row['quantity'], row['place'], row['quoted'], row['ours_text'],
          row['exact_text'], row['verdict'])
         for row in ledger_rows(ledger)])
