"""The ledger as Markdown, and the part of a document that it makes."""

from study import readme
from study.verdicts import format_value

MARK = 'ledger'   # of the part
ARITHMETICS = ('float32', 'float64', 'logodds')


def markdown(ledger):
    """All tables of the document.

    Parameters
    ----------
    ledger : dict
        See `study.ledger`.

    Returns
    -------
    str
        Markdown, without a final newline.
    """
    parts = [rows_table(ledger['rows'])]
    if ledger['study']['notice']:
        parts.insert(0, '**%s**' % ledger['study']['notice'])
    if ledger['arithmetic']:
        parts.append(arithmetic_table(ledger['arithmetic']))
    parts.append(checklist_table(ledger['checklist']))
    return '\n\n'.join(parts)


def rows_table(rows):
    """Number by number: theirs, ours, log-odds, verdict."""
    return table(
        ('paper\'s number', 'place', 'theirs', 'ours (float32)', 'log-odds',
         'verdict'),
        [(row['quantity'], row['place'], row['quoted'],
          measured(row, row['ours']), measured(row, row['exact']),
          row['verdict']) for row in rows])


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


def arithmetic_table(rows):
    """Success by model, algorithm and variant, an arithmetic a column."""
    cells = {}
    for row in rows:
        cells.setdefault((row['model'], row['algorithm'], row['variant']),
                         {})[row['arithmetic']] = row
    return table(
        ('model', 'algorithm', 'variant') + ARITHMETICS,
        [key + tuple(_success(found.get(name)) for name in ARITHMETICS)
         for key, found in sorted(cells.items())])


def checklist_table(lines):
    """Questions and answers."""
    return table(('question', 'answer', 'evidence'),
                  [(line['question'], line['answer'], line['evidence'])
                   for line in lines])


def between(ledger):
    """The part, markers included."""
    return readme.between(MARK, markdown(ledger))


def _success(row):
    if row is None:
        return '–'
    if not row['total']:
        return 'none attacked'
    return '%.1f %% (%d of %d; all-zero %d)' % (
        100 * row['count'] / row['total'], row['count'], row['total'],
        row['all_zero'])


def table(head, rows):
    """A Markdown table of rows of texts."""
    return '\n'.join('| %s |' % ' | '.join(
        str(cell).replace('|', '\\|') for cell in row)
        for row in [head, ['---'] * len(head)] + list(rows))
