"""Success against the pixel budget, drawn."""

import numpy as np

from metrics.proportions import wilson
from plotting import Figure, verbatim

# Okabe and Ito's palette, which the colour-blind can tell apart; the line
# styles tell the curves apart in grey, too.
COLOURS = ('#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9',
           '#000000')
STYLES = ('-', '--', '-.', ':', (0, (6, 2)), (0, (1, 1)), (0, (3, 1, 1, 1)))


def budget_figure(curves, dataset):
    """Success rates within 1..limit pixels, with Wilson's 95 % bands.

    Parameters
    ----------
    curves : dict of str to (counts, total)
        By name of model and arithmetic: successes within 1..limit pixels,
        (limit,) int, and the samples attacked.
    dataset : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = Figure(figsize=(8, 4.8), layout='constrained')
    axes = figure.subplots()
    for k, (name, (counts, total)) in enumerate(curves.items()):
        draw_curve(axes, counts, total, 0.2, color=COLOURS[k % len(COLOURS)],
                   linestyle=STYLES[k % len(STYLES)],
                   label='%s (n = %d)' % (verbatim(name), total))
    axes.set_title('%s: success within a budget' % verbatim(dataset))
    axes.set_xlabel('pixels overwritten at most')
    axes.set_ylabel('success, % of correctly classified')
    axes.set_ylim(-2, 102)
    axes.set_xlim(left=0)
    axes.grid(alpha=0.3)
    axes.legend(loc='best')
    return figure


def draw_curve(axes, counts, total, alpha, color, **style):
    """Success rates as steps, and the bands, of the opacity alpha."""
    budgets = np.arange(1, len(counts) + 1)
    known = {count: wilson(count, total) for count in set(counts)}
    bands = 100 * np.array([known[count] for count in counts])  # (limit, 2)
    axes.fill_between(budgets, bands[:, 0], bands[:, 1], step='post',
                      color=color, alpha=alpha, linewidth=0)
    axes.step(budgets, 100 * np.asarray(counts) / max(total, 1),
              where='post', color=color, **style)
