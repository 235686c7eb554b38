"""The tables of Song's chapter: success by arithmetic, and the sweep."""

from papers.song.rates import (
    ARITHMETICS,
    RATES,
    model_name,
    model_order,
)
from reporting.numbers import interval, percent, thousands
from reporting.tables import Table

STATUS = {'plateau': 'never left the plateau', 'diverged': 'diverged'}


def arithmetic_rows(rows):
    """Success by model, algorithm and variant, arithmetics side by side.

    Parameters
    ----------
    rows : list of dict
        The ledger's `arithmetic` or `unbounded`.

    Returns
    -------
    list of dict
        algorithm, model, name, variant, cells: {arithmetic: None or rate,
        interval, counts, zero, share (0..1), low, high}.
    """
    found = {}
    for row in rows:
        key = (row['algorithm'], row['variant']) + model_order(row['model'])
        found.setdefault(key, {})[row['arithmetic']] = row
    return [{'algorithm': key[0], 'variant': key[1], 'model': key[3],
             'name': model_name(key[3]),
             'cells': {name: success(cells.get(name))
                       for name in ARITHMETICS}}
            for key, cells in sorted(found.items())]


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
