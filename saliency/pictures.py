"""Adversarial samples and their maps, drawn as in the paper's Figures 1-10.

A function returns a matplotlib Figure of some 800 pixels width, made without
pyplot and its global state; `figure.savefig(path)` writes it. The `dataset` in
each title says whose images these are.
"""

import numpy as np

from metrics.proportions import wilson
from plotting import Figure, Normalize, Rectangle, SymLogNorm, verbatim

TO_ONE, TO_ZERO = '#e69f00', '#56b4e9'  # Okabe and Ito's orange, sky blue
FRAMES = 'framed orange: became 1, blue: became 0'
NO_EFFECT = '0.75'
FILM = 10  # frames of a strip
SMALLEST = 1e-3  # of the largest value; below, the colour scale is linear
# Okabe and Ito's palette, which the colour-blind can tell apart; the line
# styles tell the curves apart in grey, too.
COLOURS = ('#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9',
           '#000000')
STYLES = ('-', '--', '-.', ':', (0, (6, 2)), (0, (1, 1)), (0, (3, 1, 1, 1)))


def crafted_figure(original, adversarial, saliency, label, prediction,
                   steps, dataset, quantity='gradient', logarithmic=False):
    """Original, adversarial image and map with colour bar, a row a sample.

    Changed pixels are framed, orange where they became 1 and blue where
    they became 0.

    Parameters
    ----------
    original, adversarial : (n, 1, h, w) float in [0, 1]
    saliency : (n, P) float
        Signed values, drawn on a symmetric logarithmic scale relative to
        the largest; or, if `logarithmic`, logarithms, where -inf is 'no
        effect'.
    label, prediction, steps : (n,) int
        Truth, the model's answer to `adversarial`, pixels overwritten.
    dataset : str
    quantity : str
        What the map is of, for the colour bar.
    logarithmic : bool

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows, (height, width) = len(original), original.shape[-2:]
    figure = Figure(figsize=(8, 2.6 * rows + 0.7), layout='constrained')
    figure.suptitle('%s:\ncrafted samples (%s)' % (verbatim(dataset), FRAMES))
    grid = figure.subplots(rows, 4, squeeze=False,
                           gridspec_kw={'width_ratios': (1, 1, 1, 0.06)})
    for k, (left, middle, right, bar) in enumerate(grid):
        draw_image(left, original[k, 0])
        left.set_title('actual %d' % label[k])
        draw_image(middle, adversarial[k, 0])
        mark_changes(middle, original[k, 0], adversarial[k, 0])
        middle.set_title(answer(label[k], prediction[k], steps[k]))
        draw = _draw_logarithms if logarithmic else _draw_signed
        draw(right, bar, saliency[k].reshape(height, width), quantity)
        right.set(title='saliency map', xticks=[], yticks=[])
    return figure


def film_strip(outcome, row, original, answers, dataset):
    """Some frames of an Outcome's crafting run; changes are framed.

    `original` is (1, h, w) float in [0, 1], `answers` are (limit + 1,) int,
    the model's after 0, 1, ... pixels.
    """
    budgets = np.unique(np.linspace(0, outcome.steps[row], FILM)
                        .round().astype(int))
    columns = min(len(budgets), 5)
    rows, label = -(-len(budgets) // columns), outcome.label[row]
    figure = Figure(figsize=(8, 1.9 * rows + 0.6), layout='constrained')
    figure.suptitle('%s:\na crafting run, actual %d (%s)'
                    % (verbatim(dataset), label, FRAMES))
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, budget, frame in zip(grid, budgets, outcome.frames(
            row, original, budgets)):
        draw_image(axes, frame[0])
        mark_changes(axes, original[0], frame[0])
        axes.set_title(answer(label, answers[budget], budget),
                       fontsize='medium')
    for unused in grid[len(budgets):]:
        unused.set_axis_off()
    return figure


def budget_figure(curves, dataset):
    """Success rates within 1..limit pixels, with Wilson's 95 % bands.

    The curves are by name of model and arithmetic: successes within 1..limit
    pixels, (limit,) int, and the samples attacked.
    """
    figure = Figure(figsize=(8, 4.8), layout='constrained')
    axes = figure.subplots()
    for k, (name, (counts, total)) in enumerate(curves.items()):
        draw_curve(axes, counts, total, 0.2, color=COLOURS[k % len(COLOURS)],
                   linestyle=STYLES[k % len(STYLES)],
                   label='%s (n = %d)' % (verbatim(name), total))
    axes.set(title='%s: success within a budget' % verbatim(dataset),
             xlabel='pixels overwritten at most', ylim=(-2, 102),
             ylabel='success, % of correctly classified')
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


def answer(label, prediction, steps):
    """The model's answer in words: 'predicted 9, 12 pixels'."""
    verb = 'still' if prediction == label else 'predicted'
    return '%s %d, %d pixel%s' % (verb, prediction, steps,
                                  '' if steps == 1 else 's')


def draw_image(axes, image):
    """A (h, w) image in [0, 1], white on black."""
    axes.imshow(image, cmap='gray', vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[])


def mark_changes(axes, before, after):
    """Frame the pixels that differ between two (h, w) images."""
    for row, column in np.argwhere(before != after):
        colour = TO_ONE if after[row, column] == 1 else TO_ZERO
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False,
                                 edgecolor=colour, linewidth=1.2))


def _draw_signed(axes, bar, values, quantity):
    values = values.astype(np.float64)  # (h, w); float32 may be subnormal
    largest = np.max(np.abs(values))
    if largest == 0:
        return _draw_nothing(axes, bar, values, 'all zero')
    shown = axes.imshow(values / largest, cmap='PuOr_r',
                        norm=SymLogNorm(SMALLEST, vmin=-1, vmax=1))
    axes.figure.colorbar(shown, cax=bar,
                         label='%s / %.3g' % (quantity, largest))


def _draw_logarithms(axes, bar, values, quantity):
    finite = np.isfinite(values)  # (h, w)
    if not finite.any():
        return _draw_nothing(axes, bar, values, 'no effect anywhere')
    shown = axes.imshow(np.ma.array(values, mask=~finite), cmap='cividis',
                        norm=Normalize(values[finite].min(),
                                       values[finite].max()))
    axes.set_facecolor(NO_EFFECT)
    axes.figure.colorbar(shown, cax=bar, label=quantity)


def _draw_nothing(axes, bar, values, text):
    height, width = values.shape
    axes.imshow(np.zeros_like(values), cmap='gray', vmin=-3, vmax=1)
    axes.text(width / 2 - 0.5, height / 2 - 0.5, text, ha='center',
              va='center', fontsize='large')
    bar.set_axis_off()
