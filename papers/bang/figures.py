"""BANG's chapter: success by rule, figures 2 and 4, and 3 and 5 on noise."""

import numpy as np

from papers.bang.attack_names import FGS, HC1
from papers.bang.plan import REGULAR, TABLES
from papers.bang.printed import printed
from papers.bang.recipes import CHOSEN
from papers.bang.settings import CIFAR
from papers.bang.tables import percent, rows_of
from plotting import Figure, colormaps, rc_context
from reporting.drawings import (
    ARITHMETIC,
    FAINT,
    INK,
    LINE,
    MARKER,
    PICTURE,
    WIDTH,
    Drawing,
    error_bars,
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
GREEN = '#3c8a2e'   # of the regular level, as in the paper's figure
#: Panels of either: title, value of a model (None: not measured), limits.
PANELS = (
    ('test accuracy (%)', lambda row: hundred(row['accuracy']), None),
    ('FGS success (%), published rule', lambda row: rate(row, PUBLISHED),
     (0, 100)),
    ('FGS success (%), log-odds', lambda row: rate(row, LOG_ODDS), (0, 100)),
    ('mean PASS of HC1', lambda row: row['attacks'] and row['attacks'][HC1][
        'passed']['mean'], None))


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
        error_bars(axes, places + shift, [
            one['count'] / max(1, one['total']) for one in found], [
                (one['low'], one['high']) for one in found], fmt=marker,
            color=colour, markersize=4.5, label=name)
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


def surfaces(sources, table):
    """The Drawing of a table's grid: surfaces over beta and epsilon."""
    rows = [row for row in sources.ledger['grid']
            if row['table'] == table and row['accuracy']]
    enough = spans_a_plane([(row['beta'], row['epsilon']) for row in rows])
    short, number = SHORT[table == CIFAR], 4 if table == CIFAR else 2
    return Drawing(
        short + '-grid', 'BANG: the grid of figure %d' % number,
        'One model a point (%d of them), linear between points; the green '
        'mesh is R0\'s level. The third surface is the second one\'s attack '
        'without its blanks.' % len(rows),
        '; '.join('beta %g, epsilon %g: accuracy %.2f %%, FGS %s %%, by '
                  'log-odds %s %%' % ((row['beta'], row['epsilon'],
                                       hundred(row['accuracy'])) + tuple(
                      '–' if value is None else '%.1f' % value for value in (
                          rate(row, PUBLISHED), rate(row, LOG_ODDS))))
                  for row in rows) + '.',
        draw_surfaces(rows, rows_of(sources.ledger, table)) if enough
        else None, 'The grid of figure %d: not measured yet, no three models '
        'span it.' % number,
        True)


def draw_surfaces(rows, models):
    """The Figure: a panel a quantity."""
    with rc_context(PICTURE):
        figure = Figure(figsize=(WIDTH, 6.4), layout='constrained')
        level = next((row for row in models if row['model'] == REGULAR), None)
        for number, (title, value, limits) in enumerate(PANELS):
            axes = figure.add_subplot(2, 2, number + 1, projection='3d')
            draw_surface(axes, rows, value, level)
            axes.set_title(title)
            axes.set_zlim(limits)
    return figure


def draw_surface(axes, rows, value, level):
    """One quantity over the grid, and the regular model's."""
    points = [(row['beta'], row['epsilon'], value(row)) for row in rows]
    points = np.array([point for point in points if point[2] is not None])
    if not len(points):
        return
    if spans_a_plane(points[:, :2]):
        axes.plot_trisurf(*points.T, cmap='viridis', linewidth=.2,
                          edgecolor=FAINT, alpha=.9)
    axes.scatter(*points.T, color=INK, s=5, depthshade=False)
    if level:
        level = dict(level, accuracy=level['accuracy']['mean'])
        corners = np.meshgrid(*[[points[:, k].min(), points[:, k].max()]
                                for k in (0, 1)])
        axes.plot_wireframe(*corners, np.full((2, 2), value(level)),
                            color=GREEN, linewidth=1)
    for limit, name in ((axes.set_xlim, 'beta'), (axes.set_ylim, 'epsilon')):
        values = [row[name] for row in rows]
        limit(min(values), max(values))
    axes.set(xlabel='β', ylabel='ε')
    axes.view_init(22, -125)
    axes.tick_params(labelsize=7, pad=0)


def spans_a_plane(points):
    """Whether (n, 2) points are more than some on one line."""
    points = np.reshape(points, (-1, 2))
    return bool(len(points) > 2 and np.linalg.matrix_rank(
        points - points[0], tol=1e-9) == 2)


def rate(row, attack):
    """A success rate in per cent; None where it is not measured."""
    return percent(row['attacks'][attack]) if row['attacks'] else None


def hundred(value):
    """A fraction in per cent, None staying None."""
    return None if value is None else 100 * value


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
