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
        colour = COLOURS[k % len(COLOURS)]
        budgets = np.arange(1, len(counts) + 1)
        bands = np.array([wilson(count, total) for count in counts])
        axes.fill_between(budgets, 100 * bands[:, 0], 100 * bands[:, 1],
                          step='post', color=colour, alpha=0.2, linewidth=0)
        axes.step(budgets, 100 * np.asarray(counts) / max(total, 1),
                  where='post', color=colour,
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
