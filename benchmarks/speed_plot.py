"""The picture of what benchmarks/speed.py measured."""

import numpy as np

from benchmarks.speed_tables import ROWS, rates
from plotting import Figure, FigureCanvasAgg
from storage.atomic import atomic_file


def draw(results, path):
    """Bars of the table; lines of how speed grows with the batch."""
    figure = Figure(figsize=(11, 8))
    FigureCanvasAgg(figure)
    axes = figure.subplots(2, 2)
    for ax, (task, batch) in zip(axes[0], (('train', 128),
                                           ('forward', 1024))):
        bars(ax, rates(results, task, batch))
        ax.set_title(ROWS[task, batch])
    for ax, task in zip(axes[1], ('train', 'forward')):
        growth(ax, results, task)
    figure.tight_layout()
    with atomic_file(path) as stream:
        figure.savefig(stream, format='png', dpi=100)


def bars(ax, found):
    """Medians as bars, the rounds' range as whiskers."""
    middle = np.array([np.median(rounds) for rounds in found.values()])
    low = np.array([rounds.min() for rounds in found.values()])
    high = np.array([rounds.max() for rounds in found.values()])
    ax.barh(range(len(found)), middle, xerr=[middle - low, high - middle],
            color=['tab:gray' if 'PyTorch' in name else 'tab:blue'
                   for name in found])
    ax.set_yticks(range(len(found)))
    ax.set_yticklabels(found)
    ax.invert_yaxis()
    ax.set_xlabel('images/s')


def growth(ax, results, task):
    """Images a second against the batch."""
    points = {}
    for figure in results['figures']:
        if figure['task'] == task:
            for name, seconds in figure['seconds'].items():
                points.setdefault(name, []).append(
                    (figure['batch'], figure['images'] / np.median(seconds)))
    for name, pairs in points.items():
        if len(pairs) > 2:
            ax.plot(*zip(*sorted(pairs)), 'o-', label=name)
    ax.set(xscale='log', yscale='log', xlabel='batch', ylabel='images/s',
           title='training step' if task == 'train' else task)
    ax.legend()
