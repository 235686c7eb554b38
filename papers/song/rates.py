"""Success rates of the ledger: their names, and how they are found."""

from papers.song.settings import HOT

STD, HOT_MODEL, DISTILL = 'std', 'std-T%d' % HOT, 'distill'
#: The paper's names of its models, in its order.
NAMES = {STD: 'M_std', HOT_MODEL: 'M_std-T', DISTILL: 'M_distill'}
ARITHMETICS = {'float32': 'float32', 'float64': 'float64',
               'logodds': 'log-odds'}
RATES = {'fixed': 'learning rate 0.1', 'scaled': 'learning rate 0.1 · T'}


def model_name(model):
    """As the paper calls it, or as its folder is called."""
    return NAMES.get(model, model)


def model_order(model):
    """A key that sorts the paper's models first, in its order."""
    return (list(NAMES).index(model) if model in NAMES else len(NAMES),
            model)


def setting(row):
    """'T = 20, learning rate 0.1', of a row of the sweep."""
    return 'T = %g, %s' % (row['temperature'],
                           RATES.get(row['rate'], row['rate']))


def rates_of(rows):
    """Those of RATES that some rows of the sweep have, in order."""
    return [rate for rate in RATES if rate in {row['rate'] for row in rows}]


def paper_row(ledger, model, algorithm, arithmetic):
    """A row of the arithmetic table, in the text's variant; else None."""
    return next((row for row in ledger['arithmetic'] if (
        row['model'], row['algorithm'], row['arithmetic'], row['variant'])
        == (model, algorithm, arithmetic, 'paper')), None)


def cell(ledger, model, algorithm, arithmetic):
    """The same with samples in it; None without."""
    row = paper_row(ledger, model, algorithm, arithmetic)
    return row if row and row['total'] else None


def lower(row, other):
    """Whether a rate lies below another, 95 % intervals apart."""
    return row['high'] < other['low']
