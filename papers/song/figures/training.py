"""Learning curves of the paper's models."""

from papers.song.rates import NAMES, model_name, model_order
from plotting import verbatim
from reporting.drawings import FAINT, OLIVE, PLUM, SLATE, Drawing, sheet

MISSING = 'Learning curves: no history of a training beside the ledger.'
GUESSING = 2.302585092994046     # ln 10
#: Model -> colour, line.
STYLES = dict(zip(NAMES, ((SLATE, '-'), (PLUM, '--'), (OLIVE, '-.'))))


def drawing(sources):
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
        draw(histories) if histories else None, MISSING)


def draw(histories):
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
