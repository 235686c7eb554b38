"""Success against the pixel budget, and learning curves."""

from papers.song.rates import ARITHMETICS, NAMES, model_name, model_order
from plotting import verbatim
from reporting.drawings import (
    ARITHMETIC,
    FAINT,
    LINE,
    OLIVE,
    PLUM,
    SLATE,
    Drawing,
    key,
    sheet,
)
from saliency.pictures import draw_curve

GUESSING = 2.302585092994046     # ln 10
#: Model -> colour, line.
STYLES = dict(zip(NAMES, ((SLATE, '-'), (PLUM, '--'), (OLIVE, '-.'))))


def budget(sources):
    """The Drawing of success against the budget."""
    rows = [row for row in sources.ledger['arithmetic']
            if row['variant'] == 'paper' and row['total']]
    return Drawing(
        'budget', 'Success against the number of pixels',
        'Share of the correctly classified samples that are fooled within so '
        'many pixels; bands are Wilson 95 % intervals. The variant of the '
        'paper\'s text, seeds pooled.',
        '; '.join('Algorithm %d on %s in %s: %.1f %% within %d pixels' % (
            row['algorithm'], model_name(row['model']),
            ARITHMETICS[row['arithmetic']],
            100 * row['count'] / row['total'], len(row['curve']))
            for row in rows) + '.',
        draw_budget(rows) if rows else None,
        'Success against the budget: not measured yet, no finished attack.')


def draw_budget(rows):
    """The Figure: an algorithm a row, a model a column."""
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


def learning(sources):
    """The Drawing of all histories."""
    histories = sorted(sources.beside.histories, key=lambda history: (
        model_order(history.model), history.seed))
    histories = [history for history in histories if history.epochs]
    return Drawing(
        'training', 'Learning curves',
        'A line a seed. Cross-entropy is the training\'s own, at its '
        'temperature and with dropout on; dotted is the plateau ln 10 of a '
        'network that guesses.',
        '; '.join('%s, %s: validation accuracy %.2f %% after %d epochs' % (
            model_name(history.model), history.seed,
            100 * history.epochs[-1]['validation_accuracy'],
            len(history.epochs)) for history in histories) + '.',
        draw_learning(histories) if histories else None,
        'Learning curves: no history of a training beside the ledger.')


def draw_learning(histories):
    """The Figure: cross-entropy and validation accuracy."""
    figure, ((loss, accuracy),) = sheet(1, 2, 3)
    named = set()
    for history in histories:
        epochs = [record['epoch'] for record in history.epochs]
        colour, line = STYLES.get(history.model, (FAINT, ':'))
        style = {'color': colour, 'linewidth': 1.3, 'linestyle': line}
        label = (None if history.model in named
                 else verbatim(model_name(history.model)))
        named.add(history.model)
        loss.plot(epochs, [record['cross_entropy']
                           for record in history.epochs], label=label,
                  **style)
        accuracy.plot(epochs, [100 * record['validation_accuracy']
                               for record in history.epochs], **style)
    loss.axhline(GUESSING, color=FAINT, linestyle=':', linewidth=1)
    loss.set(xlabel='epoch', ylabel='cross-entropy (nats)', yscale='log')
    accuracy.set(xlabel='epoch', ylabel='validation accuracy (%)')
    loss.legend(loc='best')
    for axes in (loss, accuracy):
        axes.xaxis.get_major_locator().set_params(integer=True)
    return figure
