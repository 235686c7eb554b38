"""BANG's quantities, measured on the records: one value a seed.

Every measure takes the records (see `study.step.read_products`), the rule of
FGS that stands for the published one, and the quote's arguments, and gives a
list of dict for `study.pooling.pool`. Success is of the samples that the
model classifies correctly; means are over successes.
"""

import numpy as np

from papers.bang.attack_names import FGS
from papers.bang.records import NOISE
from storage.attack_file import RESULTS
from storage.run_description import DESCRIPTION
from study.pooling import accuracies, quotient

PUBLISHED, ZEROS, LOG_ODDS = FGS
#: Steps about a row of a table.
TABLE = ('model', 'model attack')
#: Measures that no arithmetic of an attack has a part in.
PLAIN = ('accuracy', 'blank', 'noise')


def measured(records, quote):
    """A quote by the published rule of a blank gradient, and in log-odds.

    ours and exact: see `study.paper`, measure. The latter is empty where no
    gradient is asked for that may round to zero.
    """
    name, *arguments = quote.measure
    hidden = name not in PLAIN and PUBLISHED in arguments
    return {'ours': measure(records, quote.measure),
            'exact': measure(records, quote.measure, LOG_ODDS)
            if hidden else []}


def measure(records, what, rule=PUBLISHED):
    """The values of a measure by seed; those of seeds not run are not there.

    What is the name of a function below, then its arguments. The rule, one of
    FGS, takes the place of the published one.
    """
    return globals()[what[0]](records, *[
        rule if value == PUBLISHED else value for value in what[1:]])


def commands(records, quote):
    """The commands that measure a quote, a seed each."""
    name, table, model = quote.measure[:3]
    if name == 'noise':
        return [about['command'] for about, _ in noise_of(records, table)]
    found = records[DESCRIPTION if name == 'accuracy' else RESULTS]
    return [about['command'] for about, _ in found
            if about['kind'] in TABLE
            and (about['table'], about['model']) == (table, model)]


def attacks_of(records, table, model):
    """(about, attack.json's part) of a row of a table, by seed."""
    return [(about, found) for about, found in records[RESULTS]
            if about['kind'] == 'model attack'
            and (about['table'], about['model']) == (table, model)]


def noise_of(records, table):
    """(about, noise.json) of a table: a list of no or one."""
    return [(about, found) for about, found in records[NOISE]
            if about['table'] == table]


def accuracy(records, table, model):
    """Of the test set, after training."""
    return accuracies([(about, run) for about, run in records[DESCRIPTION]
                       if about['table'] == table], model)


def rate(records, table, model, attack):
    """Successes of the correctly classified samples."""
    found = [(about['seed'], part['attacks'][attack]['rate'])
             for about, part in attacks_of(records, table, model)]
    return [quotient(seed, rate['count'], rate['total'])
            for seed, rate in found]


def passed(records, table, model, attack):
    """PASS, a score."""
    return _means(attacks_of(records, table, model), attack, 'passed')


def l_infinity(records, table, model, attack):
    """The largest change of a pixel, grey levels."""
    return _means(attacks_of(records, table, model), attack, 'l_infinity')


def blank(records, table, model):
    """Failures of FGS by the published rule that are blank gradients."""
    return [quotient(about['seed'], part['hidden']['blank'],
                      part['hidden']['failed'])
            for about, part in attacks_of(records, table, model)]


def noise(records, table, run, sigma):
    """Share of distortions that change the class, at the last iteration."""
    values = []
    for about, record in noise_of(records, table):
        settings = record['settings']
        changes = record['changes'][run][str(settings['iterations'][-1])]
        if '%g' % sigma in changes:
            shares = np.divide(changes['%g' % sigma],
                               settings['repeats'])        # one an image
            values.append({
                'seed': about['seed'], 'value': float(shares.mean()),
                'deviation': float(shares.std()), 'samples': len(shares)})
    return values


def _means(found, attack, name):
    return [{'seed': about['seed'],
             'value': part['attacks'][attack][name]['mean'],
             'deviation': part['attacks'][attack][name]['deviation'],
             'samples': part['attacks'][attack]['rate']['count']}
            for about, part in found]
