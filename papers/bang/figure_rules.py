"""BANG's chapter: success by rule, and the noise of figures 3 and 5."""

import numpy as np

from papers.bang.attack_names import FGS, HC1
from papers.bang.plan import TABLES
from papers.bang.printed import printed
from papers.bang.recipes import CHOSEN
from papers.bang.settings import CIFAR
from papers.bang.tables import percent, rows_of
from plotting import colormaps
from reporting.drawings import (
    ARITHMETIC,
    FAINT,
    INK,
    LINE,
    MARKER,
    Drawing,
    key,
    sheet,
)

PUBLISHED, ZEROS, LOG_ODDS = FGS
#: What names of pictures begin with: LeNet's, and CIFAR-10's.
SHORT = ('bang', 'bang-cifar10')
#: Attack -> colour, marker.
STYLES = {PUBLISHED: (ARITHMETIC['float32'], MARKER['float32']),
          ZEROS: (ARITHMETIC['float64'], MARKER['float64']),
          LOG_ODDS: (ARITHMETIC['logodds'], MARKER['logodds']),
          HC1: (FAINT, 'D')}


def rules(sources, table):
    """The Drawing of success by model and by rule of a blank gradient."""
    rows, short = rows_of(sources.ledger, table), SHORT[table == CIFAR]
    return Drawing(
        short + '-rules', 'BANG: success by what counts as a blank gradient',
        'FGS and HC1 on the correctly classified test images of table %d\'s '
        'models, with Wilson 95 %% intervals of the images of all seeds; '
        'dots are the seeds, crosses the paper\'s figures. As published, a '
        'loss that rounds to 0 counts as a failure of FGS.' % (
            1 + (table == CIFAR)),
        '; '.join('%s, %s: %.1f %%' % (row['model'], name, percent(attack))
                  for row in rows for name, attack
                  in row['attacks'].items() if attack['total']) + '.',
        draw_rules(rows) if rows else None,
        'Success by rule: not measured yet, no finished attack.')


def draw_rules(rows):
    """The Figure: a model a place, an attack a colour."""
    figure, ((axes,),) = sheet(1, 1, 3.2)
    places = np.arange(len(rows))
    for shift, (name, (colour, marker)) in zip(
            np.linspace(-.24, .24, len(STYLES)), STYLES.items()):
        found = [row['attacks'][name] for row in rows]
        values = np.array([percent(one) or 0. for one in found])
        low, high = 100 * np.transpose([(one['low'], one['high'])
                                        for one in found])
        axes.errorbar(places + shift, values,
                      [np.maximum(values - low, 0),
                       np.maximum(high - values, 0)], fmt=marker,
                      color=colour, markersize=4.5, elinewidth=.8, label=name)
        for place, one in zip(places + shift, found):
            rates = [100 * rate for rate in one['rates'] if rate is not None]
            axes.plot([place] * len(rates), rates, '.', color=INK,
                      markersize=2, zorder=3)
    for name, shift in ((PUBLISHED, -.24), (HC1, .24)):
        theirs = [printed(TABLES[row['table']].net, row['model'])
                  for row in rows]
        axes.plot(places + shift, [
            (paper.hc1 if name == HC1 else paper.fgs).rate
            for paper in theirs], 'x', color=INK, markersize=5,
            label='the paper\'s' if name == HC1 else None)
    axes.set(ylabel='success (%)', ylim=(-4, 104))
    axes.set_xticks(places, [row['model'] for row in rows])
    key(figure, axes)
    return figure


def noise(sources, table):
    """The Drawing of noise that changes the class, over a training."""
    found = sources.ledger['noise'].get(table)
    return Drawing(
        SHORT[table == CIFAR] + '-noise', 'BANG: random noise over training',
        '' if not found else
        'Share of distortions that change the class, %d images, each '
        'distorted %d times for every standard deviation (grey levels, at '
        'the lines\' ends); left R0, right %s.' % (
            found['images'], found['repeats'], CHOSEN[TABLES[table].net]),
        '' if not found else '; '.join(
            '%s, standard deviation %g: %.2f %% after %d iterations' % (
                name, sigma, share, found['iterations'][-1])
            for name, rows in found['percent'].items()
            for sigma, share in zip(found['sigmas'], rows[-1])) + '.',
        draw_noise(found) if found else None,
        'Random noise over training: not measured yet.')


def draw_noise(found):
    """The Figure: a model a panel, a standard deviation a line."""
    figure, ((left, right),) = sheet(1, 2, 3.2, sharex=True, sharey=True)
    colours = colormaps['viridis'](
        np.linspace(0, .85, len(found['sigmas'])))
    highest = np.max([found['percent'][name] for name in ('regular', 'bang')])
    for axes, (name, title) in zip((left, right), (
            ('regular', 'trained regularly'), ('bang', 'trained by BANG'))):
        values = np.array(found['percent'][name])    # (iterations, sigmas)
        for line, colour in zip(values.T, colours):
            axes.plot(found['iterations'], line, LINE['float32'],
                      color=colour, marker='.', markersize=3)
        for sigma, height in apart(found['sigmas'], values[-1], highest / 25):
            axes.annotate('%g' % sigma, (found['iterations'][-1], height),
                          xytext=(3, -3), textcoords='offset points',
                          fontsize=7, color=FAINT)
        axes.set(title=title, xlabel='iteration')
    left.set(ylabel='class changed (%)')
    return figure


def apart(names, heights, distance):
    """(name, height) from the highest down, those nearer to one left out."""
    kept = []
    for height, name in sorted(zip(heights, names), reverse=True):
        if not kept or kept[-1][1] - height >= distance:
            kept.append((name, height))
    return kept
