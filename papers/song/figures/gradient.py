"""log10 gradients and margins against T, with the limits of arithmetic."""

import numpy as np

from papers.song.rates import ARITHMETICS, RATES, rates_of, setting
from reporting.drawings import (
    ARITHMETIC,
    FAINT,
    LINE,
    MARKER,
    Drawing,
    key,
    sheet,
    temperatures_axis,
)

MISSING = ('%s against T: not measured yet, no finished attack of the '
           'sweep.')
FLOATS = {name: np.finfo(name) for name in ('float32', 'float64')}


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
        MISSING % 'The gradient')


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
             yscale='log') if rows else None, MISSING % 'The margin')


def words(rows, pick, name):
    """Medians in words."""
    return '; '.join('%s: median %s %.1f' % (
        setting(row), name, pick(row)['q50']) for row in rows
        if (pick(row) or {}).get('samples')) + '.'


def draw(rows, draw_rate, limits, label, **axis):
    """A panel a learning rate, limits drawn in."""
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
    label_limits(grid[0, -1], limits)
    grid[0, 0].set_ylabel(label)
    key(figure, grid[0, 0])
    return figure


def label_limits(axes, limits):
    """Names at the lines' right ends; close ones to either side."""
    for number, (place, name, text) in enumerate(limits):
        below = number % 2 == 1
        axes.annotate(text, (1, place), xycoords=axes.get_yaxis_transform(),
                      xytext=(3, -1 if below else 1),
                      textcoords='offset points', fontsize=7,
                      va='top' if below else 'bottom',
                      color=ARITHMETIC[name])


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
