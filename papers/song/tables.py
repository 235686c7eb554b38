"""Song's tables: those of its chapter, and README's part as Markdown."""

from papers.song.rates import ARITHMETICS, RATES, model_name, model_order
from reporting.tables import (
    Table,
    interval,
    number_by_number,
    percent,
    table,
    thousands,
)

MARK = 'ledger'   # of README's part
STATUS = {'plateau': 'never left the plateau', 'diverged': 'diverged'}


def markdown(ledger):
    """All tables of README, of a ledger, without a final newline."""
    parts = [table(*number_by_number(ledger['rows'], 'ours (float32)',
                                     'log-odds'))]
    if ledger['study']['notice']:
        parts.insert(0, '**%s**' % ledger['study']['notice'])
    if ledger['arithmetic']:
        parts.append(arithmetic_markdown(ledger['arithmetic']))
    parts.append(table(
        ('question', 'answer', 'evidence'),
        [(line['question'], line['answer'], line['evidence'])
         for line in ledger['checklist']]))
    return '\n\n'.join(parts)


def arithmetic_markdown(rows):
    """Success by model, algorithm and variant, an arithmetic a column."""
    cells = side_by_side(rows, ('model', 'algorithm', 'variant'))
    return table(
        ('model', 'algorithm', 'variant') + tuple(ARITHMETICS),
        [key + tuple(_success(found.get(name)) for name in ARITHMETICS)
         for key, found in sorted(cells.items())])


def _success(row):
    if row is None:
        return '–'
    if not row['total']:
        return 'none attacked'
    return '%.1f %% (%d of %d; all-zero %d)' % (
        100 * row['count'] / row['total'], row['count'], row['total'],
        row['all_zero'])


def side_by_side(rows, names):
    """Rows by what they say of some names, then by their arithmetic."""
    found = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in names), {})[
            row['arithmetic']] = row
    return found


def arithmetic_rows(rows):
    """The ledger's `arithmetic` or `unbounded`, arithmetics side by side.

    A list of dict: algorithm, model, name, variant, cells: {arithmetic: None
    or rate, interval, counts, zero, share (0..1), low, high}.
    """
    found = side_by_side(rows, ('algorithm', 'variant', 'model'))
    return [{'algorithm': algorithm, 'variant': variant, 'model': model,
             'name': model_name(model),
             'cells': {name: success(cells.get(name))
                       for name in ARITHMETICS}}
            for (algorithm, variant, model), cells in sorted(
                found.items(), key=lambda item: item[0][:2] + model_order(
                    item[0][2]))]


def success(row):
    """One rate, in words; None where nothing was attacked."""
    if not row or not row['total']:
        return None
    return {'rate': percent(row['count'], row['total']),
            'interval': interval(row['low'], row['high']),
            'counts': '%s of %s' % (thousands(row['count']),
                                    thousands(row['total'])),
            'zero': percent(row['all_zero'], row['total']),
            'share': row['count'] / row['total'], 'low': row['low'],
            'high': row['high']}


def arithmetic_table(rows):
    """The Table of a ledger's `arithmetic`."""
    head = ['algorithm', 'variant', 'model']
    for title in ARITHMETICS.values():
        head += [title, 'all-zero maps']
    body = []
    for row in arithmetic_rows(rows):
        line = [str(row['algorithm']), row['variant'], row['name']]
        for found in row['cells'].values():
            line += ['%s (%s), %s' % (found['rate'], found['interval'],
                                      found['counts']),
                     found['zero']] if found else ['–', '–']
        body.append(line)
    return Table('Success of the correctly classified samples (Wilson 95 % '
                 'intervals), and the share of maps that are all zero.',
                 head, body)


def sweep_table(rows):
    """The Table of a ledger's `sweep`: a T and learning rate a row."""
    algorithms = sorted({entry['algorithm'] for row in rows
                         for entry in row['success']})
    head = ['T', 'learning rate', 'accuracy', 'median margin',
            'median log10 |gradient|']
    head += ['Algorithm %d, %s' % (number, title) for number in algorithms
             for title in ARITHMETICS.values()]
    return Table('The temperature sweep.', head,
                 [sweep_line(row, algorithms) for row in rows])


def sweep_line(row, algorithms):
    """One row of `sweep_table`."""
    exact = row['log10_gradient'].get('logodds') or {}
    cells = {(entry['algorithm'], entry['arithmetic']): entry
             for entry in row['success']}
    line = ['%g' % row['temperature'], '%g (%s)' % (
        row['learning_rate'], RATES.get(row['rate'], row['rate'])),
        STATUS.get(row['status']) or (
            '–' if row['accuracy'] is None
            else '%.2f %%' % (100 * row['accuracy'])),
        _number((row['margin'] or {}).get('q50')), _number(exact.get('q50'))]
    for number in algorithms:
        for arithmetic in ARITHMETICS:
            found = cells.get((number, arithmetic))
            line.append(percent(found['count'], found['total'])
                        if found else '–')
    return line


def _number(value):
    return '–' if value is None else '%.1f' % value
