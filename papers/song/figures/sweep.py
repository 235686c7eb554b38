"""Accuracy and success against T, at both learning rates."""

import numpy as np

from papers.song.rates import ARITHMETICS, RATES, rates_of, setting
from reporting.drawings import (
    ARITHMETIC,
    FAINT,
    LINE,
    MARKER,
    PLUM,
    SLATE,
    Drawing,
    key,
    sheet,
    temperatures_axis,
)

ACCURACY_MISSING = 'Accuracy against T: not measured yet, no finished model.'
SUCCESS_MISSING = 'Success against T: not measured yet, no finished attack.'
RATE_COLOURS = dict(zip(RATES, (SLATE, PLUM)))


def accuracy(sources):
    """The Drawing of test accuracy against the training temperature."""
    rows = sources.ledger['sweep']
    return Drawing(
        'sweep-accuracy', 'Accuracy against T',
        'Test accuracy of the models of the sweep, with Wilson 95 % '
        'intervals. A cross at the foot is a model that learnt nothing: it '
        'never left the plateau ln 10, or diverged.',
        '; '.join('%s: %s' % (
            setting(row), row['status'] if row['accuracy'] is None
            else '%.2f %%' % (100 * row['accuracy'])) for row in rows) + '.',
        draw_accuracy(rows) if rows else None, ACCURACY_MISSING)


def draw_accuracy(rows):
    """The Figure of accuracies."""
    figure, ((axes,),) = sheet(1, 1, 3)
    for rate, colour in RATE_COLOURS.items():
        mine = [row for row in rows if row['rate'] == rate
                and row['accuracy'] is not None]
        lost = [row for row in rows if row['rate'] == rate
                and row['accuracy'] is None]
        style = {'color': colour, 'label': RATES[rate],
                 'marker': 'o' if rate == 'fixed' else 's',
                 'linestyle': '-' if rate == 'fixed' else '--'}
        errors(axes, mine, [row['accuracy'] for row in mine],
               [row['wilson_95'] for row in mine], style)
        axes.plot([row['temperature'] for row in lost], [.04] * len(lost),
                  'x', color=colour, clip_on=False,
                  transform=axes.get_xaxis_transform())
    axes.set(xlabel='temperature T of training', ylabel='test accuracy (%)')
    temperatures_axis(axes, {row['temperature'] for row in rows})
    axes.legend(loc='best')
    return figure


def success(sources):
    """The Drawing of every algorithm's success against T."""
    rows = [row for row in sources.ledger['sweep'] if row['success']]
    return Drawing(
        'sweep-success', 'Success against T, in three arithmetics',
        'Success of the correctly classified samples, with Wilson 95 % '
        'intervals; above at learning rate 0.1, below at 0.1 · T. Where '
        'float32 falls and log-odds does not, arithmetic hides the pixels.',
        '; '.join('%s, Algorithm %d, %s: %d of %d' % (
            setting(row), entry['algorithm'],
            ARITHMETICS[entry['arithmetic']], entry['count'], entry['total'])
            for row in rows for entry in row['success']) + '.',
        draw_success(rows) if rows else None, SUCCESS_MISSING)


def draw_success(rows):
    """The Figure: a learning rate a row, an algorithm a column."""
    rates = rates_of(rows)
    algorithms = sorted({entry['algorithm'] for row in rows
                         for entry in row['success']})
    figure, grid = sheet(len(rates), len(algorithms), 2.1 * len(rates) + .5,
                         sharex=True, sharey=True)
    for i, rate in enumerate(rates):
        for k, algorithm in enumerate(algorithms):
            for name in ARITHMETICS:
                draw_line(grid[i, k], rows, rate, algorithm, name)
        grid[i, 0].set(ylabel='%s\nsuccess (%%)' % RATES[rate],
                       ylim=(-4, 104))
    for k, algorithm in enumerate(algorithms):
        grid[0, k].set_title('Algorithm %d' % algorithm)
        grid[-1, k].set_xlabel('T of training')
        temperatures_axis(grid[-1, k], {row['temperature'] for row in rows
                                        if row['temperature'] in
                                        (1, 5, 20, 50, 200)}
                          or {row['temperature'] for row in rows})
    key(figure, grid[0, 0])
    return figure


def draw_line(axes, rows, rate, algorithm, arithmetic):
    """One algorithm in one arithmetic."""
    found = [(row, entry) for row in rows if row['rate'] == rate
             for entry in row['success'] if entry['total']
             and (entry['algorithm'], entry['arithmetic'])
             == (algorithm, arithmetic)]
    errors(axes, [row for row, _ in found],
           [entry['count'] / entry['total'] for _, entry in found],
           [(entry['low'], entry['high']) for _, entry in found],
           {'color': ARITHMETIC[arithmetic], 'marker': MARKER[arithmetic],
            'linestyle': LINE[arithmetic],
            'label': ARITHMETICS[arithmetic]})


def errors(axes, rows, values, bounds, style):
    """Percentages with their intervals, against T."""
    if not rows:
        return
    values = 100 * np.asarray(values)
    low, high = 100 * np.transpose(bounds)
    axes.errorbar([row['temperature'] for row in rows], values,
                  [np.maximum(values - low, 0), np.maximum(high - values, 0)],
                  markersize=4, linewidth=1.3, elinewidth=.8,
                  ecolor=style['color'], **style)
    axes.tick_params(colors=FAINT)
