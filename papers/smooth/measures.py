"""The report's quantities, measured on the records: one value a seed.

Every measure takes the records (see `papers.smooth.records`), the attack and
arithmetic that stand for the published ones, and the quote's arguments, and
gives a list of dict for `study.pooling.pool`. Accuracy under attack is of all
attacked images, as in the report. What is measured has the report's number of
blocks, 8.
"""

from papers.smooth.attack_names import LOG_ODDS, PGD, TRUE
from papers.smooth.settings import REPORTED_BLOCKS
from storage.attack_file import RESULTS
from storage.run_description import DESCRIPTION
from study.pooling import accuracies, quotient

FLOAT32, FLOAT64 = 'float32', 'float64'
#: The strongest PGD.
LONG = max(PGD, key=PGD.get)
#: The attack as published; the same where no arithmetic hides a gradient.
PUBLISHED, EXACT = (TRUE, FLOAT32), (LOG_ODDS, FLOAT64)


def measured(records, quote):
    """A quote by FGSM as published, and on the log-odds in float64.

    ours and exact: see `study.paper`, measure. The latter is empty where no
    gradient is asked for.
    """
    return {'ours': measure(records, quote.measure, PUBLISHED),
            'exact': measure(records, quote.measure, EXACT)
            if quote.measure[0] == 'attacked' else []}


def measure(records, what, way):
    """The values of a measure by seed; those of seeds not run are not there.

    What is the name of a function below, then its arguments.
    """
    return {'accuracy': accuracy, 'attacked': attacked}[what[0]](
        records, way, *what[1:])


def trainings(records, part, blocks):
    """(about, run.json) of a part's networks."""
    return [(about, run) for about, run in records[DESCRIPTION]
            if (about['part'], about['blocks']) == (part, blocks)]


def networks(records, part, blocks, row):
    """(about, attack.json's part) of a row's networks, a seed each.

    Vanilla is attacked with every group: the first counts.
    """
    found = {}
    for about, attacked_together in records[RESULTS]:
        if (about['part'], about['blocks']) == (part, blocks):
            for network in attacked_together:
                if network['row'] == row:
                    found.setdefault(about['seed'], (about, network))
    return list(found.values())


def accuracy(records, way, part, row):
    """Of the test set, after training."""
    return accuracies(trainings(records, part, REPORTED_BLOCKS), row)


def attacked(records, way, part, row, snr):
    """Of the attacked images, at so many dB."""
    attack, arithmetic = way
    values = []
    for about, network in networks(records, part, REPORTED_BLOCKS, row):
        found = network['arithmetics'].get(arithmetic, {}).get(
            'attacks', {}).get(attack)
        if found and snr in network['snr']:
            share = found['accuracy'][network['snr'].index(snr)]
            if share:
                values.append(quotient(about['seed'], share['count'],
                                       share['total']))
    return values


def commands(records, quote):
    """The commands that measure a quote, a seed each."""
    name, part, row = quote.measure[:3]
    if name == 'accuracy':
        return [about['command'] for about, _ in trainings(
            records, part, REPORTED_BLOCKS) if about['model'] == row]
    return [about['command'] for about, _ in networks(
        records, part, REPORTED_BLOCKS, row)]
