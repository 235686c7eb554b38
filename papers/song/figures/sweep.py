"""The sweep: accuracy, success, gradients and margins against T.

Where it is a matter of arithmetic, with the limits of floating point.
"""

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
    error_bars,
    key,
    sheet,
    temperatures_axis,
)

MISSING = '%s against T: not measured yet, no finished %s.'
#: By learning rate.
STYLES = {'fixed': {'color': SLATE, 'marker': 'o', 'linestyle': '-'},
          'scaled': {'color': PLUM, 'marker': 's', 'linestyle': '--'}}
FLOATS = {name: np.finfo(name) for name in ('float32', 'float64')}


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
        draw_accuracy(rows) if rows else None, MISSING % ('Accuracy', 'model'))


def draw_accuracy(rows):
    """The Figure of accuracies."""
    figure, ((axes,),) = sheet(1, 1, 3)
    for rate, style in STYLES.items():
        mine = [row for row in rows if row['rate'] == rate
                and row['accuracy'] is not None]
        lost = [row for row in rows if row['rate'] == rate
                and row['accuracy'] is None]
        errors(axes, mine, [row['accuracy'] for row in mine],
               [row['wilson_95'] for row in mine],
               dict(style, label=RATES[rate]))
        axes.plot([row['temperature'] for row in lost], [.04] * len(lost),
                  'x', color=style['color'], clip_on=False,
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
        draw_success(rows) if rows else None, MISSING % ('Success', 'attack'))


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
    """Fractions with their intervals, against T, in per cent."""
    if not rows:
        return
    error_bars(axes, [row['temperature'] for row in rows], values, bounds,
               markersize=4, linewidth=1.3, ecolor=style['color'], **style)
    axes.tick_params(colors=FAINT)


def limits_of_size():
    """(log10, arithmetic, words): where floating point ends."""
    return [(float(np.log10(value)), name, '%s: smallest %s' % (name, words))
            for name, info in FLOATS.items()
            for value, words in ((info.tiny, 'normal'),
                                 (info.smallest_subnormal, 'subnormal'))]


def limits_of_margin():
    """(nats, arithmetic, words): where 1 - p_y cancels, p_j vanishes."""
    return [limit for name, info in FLOATS.items() for limit in (
        ((info.nmant + 1) * np.log(2), name,
         '%s: 1 − p_y cancels' % name),
        (np.log(2) - np.log(info.smallest_subnormal), name,
         '%s: p_j underflows' % name))]


def gradients(sources):
    """The Drawing of log10 max |gradient| against T."""
    rows = [row for row in sources.ledger['sweep'] if row['log10_gradient']]
    return Drawing(
        'gradient', 'Size of the gradient against T',
        'log10 of the largest |∂ loss / ∂ pixel| of a sample: medians (of '
        'the gradients that are not zero), and for the exact one, in '
        'log-odds, the middle 50 and 90 % of the samples. Dotted: where '
        'floating point ends; what lies below the smallest subnormal is 0.',
        words(rows, lambda row: row['log10_gradient'].get('logodds'),
              'exact log10 gradient'),
        draw(rows, draw_gradients, limits_of_size(),
             'log10 max |gradient|') if rows else None,
        MISSING % ('The gradient', 'attack of the sweep'))


def margins(sources):
    """The Drawing of margins against T, where cancellation begins."""
    rows = [row for row in sources.ledger['sweep']
            if (row['margin'] or {}).get('samples')]
    return Drawing(
        'margin', 'Margin against T',
        'Margin of the logits at T = 1, in nats: median, middle 50 and 90 % '
        'of the samples. At a margin m the other classes share a '
        'probability of about exp(-m). Dotted: from where 1 − p_y is '
        'rounded to 0, which deletes the label\'s term of the gradient, and '
        'from where the other probabilities are 0 themselves.',
        words(rows, lambda row: row['margin'], 'margin in nats'),
        draw(rows, draw_margins, limits_of_margin(), 'margin (nats)',
             yscale='log') if rows else None,
        MISSING % ('The margin', 'attack of the sweep'))


def words(rows, pick, name):
    """Medians in words."""
    return '; '.join('%s: median %s %.1f' % (
        setting(row), name, pick(row)['q50']) for row in rows
        if (pick(row) or {}).get('samples')) + '.'


def draw(rows, draw_rate, limits, label, **axis):
    """A panel a learning rate, limits drawn in, named at the right end."""
    rates = rates_of(rows)
    figure, grid = sheet(1, len(rates), 4, sharey=True)
    for axes, rate in zip(grid[0], rates):
        mine = [row for row in rows if row['rate'] == rate]
        draw_rate(axes, mine)
        axes.set(title=RATES[rate], xlabel='temperature T of training',
                 **axis)
        temperatures_axis(axes, {row['temperature'] for row in mine})
        for place, name, _ in limits:
            axes.axhline(place, color=ARITHMETIC[name], linestyle=':',
                         linewidth=1)
    for number, (place, name, text) in enumerate(limits):
        below = number % 2 == 1     # close ones to either side
        axes.annotate(text, (1, place), xycoords=axes.get_yaxis_transform(),
                      xytext=(3, -1 if below else 1),
                      textcoords='offset points', fontsize=7,
                      va='top' if below else 'bottom',
                      color=ARITHMETIC[name])
    grid[0, 0].set_ylabel(label)
    key(figure, grid[0, 0])
    return figure


def draw_gradients(axes, rows):
    """Bands of the exact gradient, medians of what floats see."""
    bands(axes, [(row['temperature'], row['log10_gradient']['logodds'])
                 for row in rows if 'logodds' in row['log10_gradient']])
    for name in ARITHMETICS:
        seen = [(row['temperature'], row['log10_gradient'][name]['q50'])
                for row in rows
                if row['log10_gradient'].get(name, {}).get('samples')]
        if seen:
            axes.plot(*zip(*seen), color=ARITHMETIC[name],
                      linestyle=LINE[name], marker=MARKER[name],
                      markersize=4, label=ARITHMETICS[name] if name
                      != 'logodds' else 'exact (log-odds)')


def draw_margins(axes, rows):
    """Bands and medians of margins."""
    found = [(row['temperature'], row['margin']) for row in rows]
    bands(axes, found)
    axes.plot([temperature for temperature, _ in found],
              [quantiles['q50'] for _, quantiles in found],
              color=ARITHMETIC['logodds'], marker=MARKER['logodds'],
              markersize=4, label='median')


def bands(axes, found):
    """The middle 90 and 50 % of (T, quantiles)."""
    found = [pair for pair in found if pair[1].get('samples')]
    places = [temperature for temperature, _ in found]
    for low, high, alpha in (('q05', 'q95', .14), ('q25', 'q75', .25)):
        axes.fill_between(places, [pair[1][low] for pair in found],
                          [pair[1][high] for pair in found],
                          color=ARITHMETIC['logodds'], alpha=alpha,
                          linewidth=0)
    axes.tick_params(colors=FAINT)
