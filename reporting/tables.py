"""The report's tables, as rows of text that every format can take."""

from papers.song.rates import (
    ARITHMETICS,
    RATES,
    interval,
    model_name,
    model_order,
    percent,
    thousands,
)
from study.tables import measured
from study.verdicts import VERDICTS

STATUS = {'plateau': 'never left the plateau', 'diverged': 'diverged'}
SLUGS = dict(zip(VERDICTS, ('reproduced', 'artefact', 'failed',
                            'contradictory', 'unmeasured')))


def ledger_rows(ledger):
    """The ledger's rows, with ours and log-odds as text, and a CSS class."""
    return [dict(row, ours_text=measured(row, row['ours']),
                 exact_text=measured(row, row['exact']),
                 ours_value=(row['ours'] or {}).get('mean'),
                 exact_value=(row['exact'] or {}).get('mean'),
                 slug=SLUGS.get(row['verdict'], 'unmeasured'))
            for row in ledger['rows']]


def ledger_table(ledger, exact='log-odds'):
    """Head and rows of text; `exact` is what arithmetic cannot hide."""
    return (('paper\'s number', 'place', 'theirs', 'ours (float32)',
             exact, 'verdict'),
            [(row['quantity'], row['place'], row['quoted'], row['ours_text'],
              row['exact_text'], row['verdict'])
             for row in ledger_rows(ledger)])


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
    """Head and rows of text."""
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
    return head, body


def sweep_table(ledger):
    """Head and rows of text: a T and learning rate a row."""
    algorithms = sorted({entry['algorithm'] for row in ledger['sweep']
                         for entry in row['success']})
    head = ['T', 'learning rate', 'accuracy', 'median margin',
            'median log10 |gradient|']
    head += ['Algorithm %d, %s' % (number, title) for number in algorithms
             for title in ARITHMETICS.values()]
    return head, [sweep_line(row, algorithms) for row in ledger['sweep']]


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
