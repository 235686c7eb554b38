"""Success against the pixel budget: an algorithm a row, a model a column."""

from papers.song.rates import ARITHMETICS, model_name, model_order
from plotting import verbatim
from reporting.drawings import ARITHMETIC, LINE, Drawing, key, sheet
from saliency.pictures import draw_curve

NAME, TITLE = 'budget', 'Success against the number of pixels'
CAPTION = ('Share of the correctly classified samples that are fooled within '
           'so many pixels; bands are Wilson 95 % intervals. The variant of '
           'the paper\'s text, seeds pooled.')
MISSING = 'Success against the budget: not measured yet, no finished attack.'


def drawing(sources):
    """The Drawing of a ledger's `arithmetic`."""
    rows = [row for row in sources.ledger['arithmetic']
            if row['variant'] == 'paper' and row['total']]
    return Drawing(NAME, TITLE, CAPTION, describe(rows),
                   draw(rows) if rows else None, MISSING)


def draw(rows):
    """The Figure of some rows."""
    algorithms = sorted({row['algorithm'] for row in rows})
    models = sorted({row['model'] for row in rows}, key=model_order)
    figure, grid = sheet(len(algorithms), len(models),
                         1.75 * len(algorithms) + .6, sharex=True,
                         sharey=True)
    for row in sorted(rows, key=lambda row: row['arithmetic']):
        draw_curve(grid[algorithms.index(row['algorithm']),
                        models.index(row['model'])],
                   row['curve'], row['total'], .15,
                   color=ARITHMETIC[row['arithmetic']],
                   linestyle=LINE[row['arithmetic']],
                   label=ARITHMETICS[row['arithmetic']])
    for k, model in enumerate(models):
        grid[0, k].set_title(verbatim(model_name(model)))
        grid[-1, k].set_xlabel('pixels overwritten at most')
    for k, algorithm in enumerate(algorithms):
        grid[k, 0].set(ylabel='Algorithm %d\nsuccess (%%)' % algorithm,
                       ylim=(-3, 103))
    key(figure, grid[0, 0])
    return figure


def describe(rows):
    """The ends of all curves, in words."""
    return '; '.join('Algorithm %d on %s in %s: %.1f %% within %d pixels' % (
        row['algorithm'], model_name(row['model']),
        ARITHMETICS[row['arithmetic']], 100 * row['count'] / row['total'],
        len(row['curve'])) for row in rows) + '.'
