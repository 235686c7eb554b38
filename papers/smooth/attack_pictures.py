"""Curves of accuracy against strength, and images with what is added."""

import os

import numpy as np

from metrics.proportions import share
from papers.smooth.attack_names import (
    ATTACKS,
    LOG_ODDS,
    RANDOM,
    REPORTED,
    TRUE,
)
from plotting import Figure, verbatim
from training.pictures import save_figure

COLOURS = dict(zip(ATTACKS.values(), (
    '#0072b2', '#56b4e9', '#009e73', '#cc79a7', '#e69f00', '#d55e00',
    '#8b0000', '#999999', '#bbbbbb')))
ARITHMETIC_STYLES = {'float32': '-', 'float64': ':'}


def draw_model(folder, name, summary, shown, title):
    """Draw one model's curves and sheet into a run's folder.

    Of its entry in attack.json, and of what `attack.illustrate` makes.
    """
    suffix = name.replace(os.sep, '-')
    save_figure(curves(summary, title), os.path.join(
        folder, 'accuracy-%s.png' % suffix), title)
    if len(shown['label']):
        save_figure(sheet(shown, title), os.path.join(
            folder, 'sheet-%s.png' % suffix), title)


def curves(summary, title):
    """Accuracy, and cumulative accuracy, at every strength."""
    figure = Figure(figsize=(11, 4.6), layout='constrained')
    figure.suptitle(verbatim(title))
    panels = figure.subplots(1, 2, sharey=True)
    for axes, column, heading in zip(panels, ('accuracy', 'cumulative'), (
            'right at this strength', 'right at this strength and all '
            'weaker ones')):
        draw_curves(axes, summary, column)
        for ratio in REPORTED:
            axes.axvline(ratio, color='#eeeeee', zorder=0)
        axes.set(title=heading, xlabel='signal-to-noise ratio (dB): weak to '
                 'strong', ylim=(0, 100))
        axes.invert_xaxis()
    panels[0].set_ylabel('accuracy (%)')
    figure.legend(*panels[1].get_legend_handles_labels(), frameon=False,
                  fontsize=8, loc='outside right upper')
    return figure


def draw_curves(axes, summary, column):
    """A line an attack and arithmetic; all attacks together in black."""
    for arithmetic, part in summary['arithmetics'].items():
        for name, found in part['attacks'].items():
            if arithmetic == 'float64' and name not in (TRUE, LOG_ODDS):
                continue
            points = [(ratio, 100 * share(one)) for ratio, one
                      in zip(summary['snr'], found[column]) if one]
            axes.plot(*zip(*points), color=COLOURS[name],
                      linestyle=ARITHMETIC_STYLES[arithmetic],
                      linewidth=1 if name == RANDOM else 1.5,
                      marker='o' if len(points) < len(summary['snr'])
                      else None, markersize=3, label='%s%s' % (
                          name, ', float64' * (arithmetic == 'float64')))
    axes.plot(summary['snr'], [100 * share(one) for one
                               in summary['worst']['float32']],
              color='black', linestyle='--', label='all of them together')


def sheet(shown, title):
    """A row a sample: the original, the noise, their sum."""
    count = len(shown['label'])
    figure = Figure(figsize=(6, 2.1 * count + .6), layout='constrained')
    figure.suptitle(verbatim('%s\nFGSM with the true label at %g dB' % (
        title, shown['ratio'])), fontsize=9)
    for row, axes in enumerate(figure.subplots(count, 3, squeeze=False)):
        show(axes[0], shown['original'][row], 'test image %d\nof class %d'
             % (shown['index'][row], shown['label'][row]))
        show(axes[1], .5 + shown['noise'][row], 'what is added, times 10')
        show(axes[2], shown['adversarial'][row],
             'taken for class %d' % shown['prediction'][row])
    return figure


def show(axes, image, title):
    """An image (c, h, w), from 0 to 1 where it can be shown."""
    axes.imshow(np.clip(image, 0, 1).transpose(1, 2, 0).squeeze(),
                cmap='gray', vmin=0, vmax=1)
    axes.set_title(title, fontsize=7)
    axes.axis('off')
