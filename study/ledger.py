"""ledger.json: what became of every number in the paper.

`python reproduce.py` writes it from the finished steps of a study. All
shares are fractions of 1, all gradients log10; null is 'not measured', or
no number. Its keys:

format      'song2017-ledger/1'
study       name, dataset ('mnist' or 'digits'), quick (bool), notice (''
            or a warning that every product must repeat), settings (the
            options), code (SHA-256), steps: {state: number}
rows        one a quoted number, in the paper's order:
            id, quantity, place, quoted (as printed), value, unit
            ('percent', 'ratio', 'log10', 'pixels'), ours and exact (null
            or what `pooling.pool` gives: mean, sd, low, high, count, total,
            per_seed: [{seed, value, count, total}]), ours being float32 as
            published and exact being log-odds; script (the mean of the
            scripts' variant, float32), commands, tolerance {rule, value,
            reason}, verdict (one of `verdicts.VERDICTS`), why
arithmetic  one a model, algorithm (1-4), variant ('paper', 'script') and
            arithmetic ('float32', 'float64', 'logodds'), seeds pooled:
            count, total (correctly classified), low, high (Wilson 95 %),
            all_zero, all_zero_share, samples (attacked or not),
            correct_for_all {count, total, all_zero}, pixels {median, mean}
            over successes, curve (successes within 1, 2, ... pixels),
            per_seed [{seed, count, total, all_zero}], commands
unbounded   the same of the attacks that may overwrite all 784 pixels
sweep       one a T and rate ('fixed': 0.1, 'scaled': 0.1 T): temperature,
            rate, learning_rate, epochs, status ('finished', 'plateau',
            'diverged'), accuracy, correct, samples, wilson_95, margin
            {q05, q25, q50, q75, q95, samples}, log10_gradient {float32,
            float64, logodds: the same and zero, the number of gradients
            that are 0 and so not among the quantiles}, success [{algorithm,
            arithmetic, count, total, low, high, all_zero, all_zero_share,
            pixels, command}], command
checklist   [{id, question, answer ('yes', 'no', 'not measured yet'),
            evidence}], Carlini et al. (2019) and the paper's own claims

A small real one is tests/ledger_digits.json.
"""

from papers.song.checklist import checklist
from papers.song.measures import PLAIN, measure
from papers.song.numbers import QUOTES, REASONS
from papers.song.records import read_records
from papers.song.success import arithmetic_table, sweep_table
from storage import ledger_file
from study.pooling import pool
from study.rows import made_of, make_row

FORMAT = 'song2017-ledger/1'


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
    ledger = {'format': FORMAT,
              'study': made_of(about, states),
              'rows': [row(quote, records) for quote in QUOTES],
              'arithmetic': arithmetic_table(records),
              'unbounded': arithmetic_table(records, 'unbounded'),
              'sweep': sweep_table(records)}
    return dict(ledger, checklist=checklist(ledger, records))


def row(quote, records):
    """One row: the quote, our measurement of it, and the verdict."""
    name, arguments = quote.measure[0], quote.measure[1:]
    ours = pool(measure(records, name, arguments, 'float32'))
    exact = script = None
    if name not in PLAIN:
        exact = pool(measure(records, name, arguments, 'logodds'))
        script = pool(measure(records, name, arguments, 'float32', 'script'))
    return dict(make_row(
        quote, QUOTES, REASONS, ours, exact,
        commands(records, name, arguments)), script=script and script['mean'])


def commands(records, name, arguments):
    """The commands that measure a quantity, a seed each."""
    if name == 'accuracy':
        return [about['command'] for about, _ in records.trainings
                if about['kind'] == 'model'
                and about['model'] == arguments[0]]
    algorithm = ([value for value in arguments if isinstance(value, int)]
                 or [1])[0]
    return [about['command'] for about, _ in records.attacks
            if about['kind'] == 'attack' and about['variant'] == 'paper'
            and about['algorithm'] == algorithm]


def read_ledger(path):
    """A ledger of this version; see `ledger_file.read_ledger`."""
    return ledger_file.read_ledger(path, FORMAT, 'reproduce.py')
