"""Pictures: digits with their adversarial samples, and how far they are."""

import os

import numpy as np

from papers.bang.attack_names import ATTACKS, FGS
from plotting import Figure, verbatim
from training.pictures import save_figure

COLOURS = dict(zip(ATTACKS, ('#0072b2', '#56b4e9', '#009e73', '#d55e00')))
BINS = np.arange(0, 257, 8)  # grey levels


def draw_model(folder, name, arrays, shown, title):
    """Draw one model's histogram and sheet into a run's folder.

    Of records and of what is shown, as `attack.attack_block` and
    `attack.illustrate` make them; the title names the data set and the model.
    """
    suffix = name.replace(os.sep, '-')
    save_figure(histogram(arrays, title), os.path.join(
        folder, 'distances-%s.png' % suffix), title)
    if len(shown['label']):
        save_figure(sheet(shown, title), os.path.join(
            folder, 'sheet-%s.png' % suffix), title)


def histogram(arrays, title):
    """L-infinity over the successes of every attack."""
    figure = Figure(figsize=(7, 3.8), layout='constrained')
    axes = figure.subplots()
    for name in ATTACKS:
        fooled = arrays[name + '/success']
        axes.hist(arrays[name + '/l_infinity'][fooled], BINS,
                  histtype='step', color=COLOURS[name],
                  linestyle='--' if name == FGS[1] else '-',
                  label='%s, %d' % (name, fooled.sum()))
    axes.set(xlabel='L-infinity (grey levels)', xlim=(0, 256),
             ylabel='successes')
    axes.legend(frameon=False)
    axes.grid(alpha=.3)
    figure.suptitle(verbatim(title))
    return figure


def sheet(shown, title):
    """A row a sample: the original, and what each attack made of it."""
    columns = [attack for attack in ATTACKS if attack != FGS[1]]
    figure = Figure(figsize=(1.9 * (1 + len(columns)),
                             2.1 * len(shown['label']) + .5),
                    layout='constrained')
    figure.suptitle(verbatim(title))
    grid = figure.subplots(len(shown['label']), 1 + len(columns),
                           squeeze=False)
    for row, axes in enumerate(grid):
        show(axes[0], shown['original'][row], 'test image %d\nactual %d' % (
            shown['index'][row], shown['label'][row]))
        for place, attack in zip(axes[1:], columns):
            show(place, shown[attack + '/adversarial'][row],
                 caption(shown, attack, row))
    return figure


def caption(shown, attack, row):
    """'HC1: 3\nPASS 0.75, L-inf 120', or why there is none."""
    if shown[attack + '/blank'][row]:
        return '%s:\nblank gradient' % attack
    if not shown[attack + '/success'][row]:
        return '%s:\nno step changes it' % attack
    return '%s: %d\nPASS %.2f, L-inf %d' % (
        attack, shown[attack + '/prediction'][row],
        shown[attack + '/pass'][row], shown[attack + '/l_infinity'][row])


def show(axes, image, title):
    """A (c, h, w) uint8 image, grey or RGB."""
    axes.imshow(image[0] if len(image) == 1 else image.transpose(1, 2, 0),
                cmap='gray', vmin=0, vmax=255)
    axes.set_title(title, fontsize=7)
    axes.axis('off')
