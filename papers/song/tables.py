"""Song's ledger as Markdown: README's part that is made of it."""

from reporting.tables import rows_table, table

MARK = 'ledger'   # of README's part
ARITHMETICS = ('float32', 'float64', 'logodds')


def markdown(ledger):
    """All tables of README.

    Parameters
    ----------
    ledger : dict
        See `papers.song.paper`.

    Returns
    -------
    str
        Markdown, without a final newline.
    """
    parts = [rows_table(ledger['rows'], 'ours (float32)', 'log-odds')]
    if ledger['study']['notice']:
        parts.insert(0, '**%s**' % ledger['study']['notice'])
    if ledger['arithmetic']:
        parts.append(arithmetic_table(ledger['arithmetic']))
    parts.append(checklist_table(ledger['checklist']))
    return '\n\n'.join(parts)


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


def _success(row):
    if row is None:
        return '–'
    if not row['total']:
        return 'none attacked'
    return '%.1f %% (%d of %d; all-zero %d)' % (
        100 * row['count'] / row['total'], row['count'], row['total'],
        row['all_zero'])
