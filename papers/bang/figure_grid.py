"""BANG's chapter: the surfaces of figures 2 and 4."""

import numpy as np

from papers.bang.attack_names import FGS, HC1
from papers.bang.figure_rules import SHORT
from papers.bang.plan import REGULAR
from papers.bang.settings import CIFAR
from papers.bang.tables import percent, rows_of
from plotting import Figure, rc_context
from reporting.drawings import FAINT, INK, PICTURE, WIDTH, Drawing

PUBLISHED, _, LOG_ODDS = FGS
GREEN = '#3c8a2e'   # of the regular level, as in the paper's figure
#: Panels of either: title, value of a model (None: not measured), limits.
PANELS = (
    ('test accuracy (%)', lambda row: hundred(row['accuracy']), None),
    ('FGS success (%), published rule', lambda row: rate(row, PUBLISHED),
     (0, 100)),
    ('FGS success (%), log-odds', lambda row: rate(row, LOG_ODDS), (0, 100)),
    ('mean PASS of HC1', lambda row: row['attacks'] and row['attacks'][HC1][
        'passed']['mean'], None))


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
