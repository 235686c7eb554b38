"""results/bang/ledger.json: what became of every number of BANG's LeNet.

`python reproduce_bang.py` writes it from the finished steps of a study.
Shares are fractions of 1, distances grey levels of 255; null is 'not
measured', or no number. Its keys:

format      'bang-ledger/1'
study       name, dataset ('mnist' or 'digits'), quick (bool), notice (''
            or a warning that every product must repeat), settings (the
            options), code (SHA-256), steps: {state: number}
rows        one a quoted number, in the paper's order, as those of
            `study.ledger`: ours by the published rule of a blank gradient,
            exact by FGS on the log-odds, null where no gradient of the loss
            is asked for. Units: 'percent', 'score', 'levels'
models      one a row of table 1 that was attacked, seeds pooled: model,
            beta, epsilon (null: regular), accuracy, attacks ({name: see
            `papers.bang.success`}), hidden, reach, seeds (attacked),
            commands
grid        one a model of figure 2: beta, epsilon, level (0 the corners),
            status, accuracy, correct, samples, wilson_95, attacks, commands
noise       null, or iterations, sigmas, images, repeats, percent {regular,
            bang: one row an iteration}, command
"""

from papers.bang.measures import LOG_ODDS, TABLE, has_exact, measure
from papers.bang.numbers import QUOTES, REASONS
from papers.bang.records import read_records
from papers.bang.success import grid_table, models_table, noise_table
from storage import ledger_file
from study.pooling import pool
from study.rows import made_of, make_row

FORMAT = 'bang-ledger/1'


def make_ledger(about, folder, steps, states):
    """The ledger of a study, as far as it has come.

    Parameters
    ----------
    about : dict
        name, dataset, quick, notice, settings and code of the study.
    folder : str
    steps : list of study.step.Step
    states : dict of str to str
        By the steps' names; 'done' are read.

    Returns
    -------
    dict
        JSON-ready; see above.
    """
    records = read_records(folder, [step for step in steps
                                    if states[step.name] == 'done'])
    return {'format': FORMAT,
            'study': made_of(about, states),
            'rows': [row(quote, records) for quote in QUOTES],
            'models': models_table(records), 'grid': grid_table(records),
            'noise': noise_table(records)}


def row(quote, records):
    """One row: the quote, our measurement of it, and the verdict."""
    name, arguments = quote.measure[0], quote.measure[1:]
    ours, exact = pool(measure(records, name, arguments)), None
    if has_exact(name, arguments):
        exact = pool(measure(records, name, arguments, LOG_ODDS))
    return make_row(quote, QUOTES, REASONS, ours, exact,
                    commands(records, name, arguments))


def commands(records, name, arguments):
    """The commands that measure a quantity, a seed each."""
    if name == 'noise':
        return [records.noise[0]['command']] if records.noise else []
    found = records.trainings if name == 'accuracy' else records.attacks
    return [about['command'] for about, _ in found
            if about['kind'] in TABLE and about['model'] == arguments[0]]


def read_ledger(path):
    """A ledger of this version; see `storage.ledger_file`."""
    return ledger_file.read_ledger(path, FORMAT, 'reproduce_bang.py')
