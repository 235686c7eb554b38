"""The paper's quantities, measured on the records: one value a seed.

Every measure takes the records, the arithmetic and the quote's arguments,
and gives a list of dict for `pooling.pool`. Attacks are those of the text
(`--variant paper`) unless said otherwise; success is of the samples that
the model classifies correctly.
"""

import numpy as np

from papers.song.records import find_attacks, part
from study.pooling import accuracies

#: Measures that no arithmetic of an attack has a part in.
PLAIN = ('accuracy', 'exact_gradient', 'gradient_factor')


def measured(records, quote):
    """A quote in float32 as published, in log-odds, and by the scripts.

    Returns
    -------
    dict of str to list of dict
        ours, exact and script: see `study.paper`, measure. The latter two
        are empty where no arithmetic of an attack has a part in it.
    """
    found = {'ours': measure(records, quote.measure, 'float32'),
             'exact': [], 'script': []}
    if quote.measure[0] not in PLAIN:
        found['exact'] = measure(records, quote.measure, 'logodds')
        found['script'] = measure(records, quote.measure, 'float32',
                                  'script')
    return found


def measure(records, what, arithmetic, variant='paper'):
    """The values of a measure by seed; those of seeds not run are not there.

    Parameters
    ----------
    records : papers.song.records.Records
    what : tuple
        Name of a function below, then its arguments.
    arithmetic : 'float32', 'float64' or 'logodds'
    variant : 'paper' or 'script'
    """
    return globals()[what[0]](records, arithmetic, variant, *what[1:])


def commands(records, quote):
    """The commands that measure a quote, a seed each."""
    name, *arguments = quote.measure
    if name == 'accuracy':
        return [about['command'] for about, _ in records.trainings
                if about['kind'] == 'model'
                and about['model'] == arguments[0]]
    algorithm = ([value for value in arguments if isinstance(value, int)]
                 or [1])[0]
    return [about['command'] for about, _ in find_attacks(
        records, 'attack', algorithm, 'paper')]


def accuracy(records, arithmetic, variant, model):
    """Of the test set, after training."""
    return accuracies(records.trainings, model)


def success(records, arithmetic, variant, model, algorithm):
    """Of the correctly classified samples."""
    return [_quotient(seed, rate['count'], rate['total'])
            for seed, rate in _rates(records, arithmetic, variant, model,
                                     algorithm)]


def usable(records, arithmetic, variant, model, algorithm):
    """Share of the attacked samples whose map is not all zero."""
    return [_quotient(seed, rate['total'] - rate['all_zero'], rate['total'])
            for seed, rate in _rates(records, arithmetic, variant, model,
                                     algorithm)]


def ratio(records, arithmetic, variant, above, below, algorithm):
    """One model's success rate over another's."""
    rates = [{value['seed']: value['value'] for value in success(
        records, arithmetic, variant, model, algorithm)}
        for model in (above, below)]
    return [{'seed': seed, 'value': rates[0][seed] / rates[1][seed]
             if rates[1][seed] else None}
            for seed in rates[0] if seed in rates[1]]


def mean_gradient(records, arithmetic, variant, model):
    """log10 |mean of d loss / d x|, where it is not 0."""
    return _logarithms(records, arithmetic, model, 'mean_gradient')


def max_gradient(records, arithmetic, variant, model):
    """log10 max |d loss / d x|, where it is not 0; exact in log-odds."""
    if arithmetic == 'logodds':
        return _columns(records, model, arithmetic, 'log10_max_gradient')
    return _logarithms(records, arithmetic, model, 'max_gradient')


def exact_gradient(records, arithmetic, variant, model):
    """log10 max |d loss / d x| in exact arithmetic."""
    return _columns(records, model, 'logodds', 'log10_max_gradient')


def gradient_factor(records, arithmetic, variant, model):
    """Decades between the exact median maxima of M_std and a model."""
    levels = [{value['seed']: value['value'] for value in exact_gradient(
        records, arithmetic, variant, name)} for name in ('std', model)]
    return [{'seed': seed, 'value': levels[0][seed] - levels[1][seed]}
            for seed in levels[0] if seed in levels[1]]


def pixels(records, arithmetic, variant, model, algorithm):
    """Pixels overwritten, over successes."""
    found = [(about['seed'], [steps for steps, done in zip(
        attack['samples']['steps'], attack['samples']['success']) if done])
        for about, attack in _parts(records, arithmetic, variant, model,
                                    algorithm)]
    return [_median(seed, values) for seed, values in found if values]


def _parts(records, arithmetic, variant, model, algorithm):
    found = [(about, part(results, model, arithmetic)) for about, results
             in find_attacks(records, 'attack', algorithm, variant)]
    return [(about, attack) for about, attack in found if attack]


def _rates(records, arithmetic, variant, model, algorithm):
    return [(about['seed'], attack['summary']['rates']['correct'])
            for about, attack in _parts(records, arithmetic, variant, model,
                                        algorithm)]


def _columns(records, model, arithmetic, name):
    """A column of the correctly classified samples of Algorithm 1."""
    found = []
    for about, attack in _parts(records, arithmetic, 'paper', model, 1):
        samples = attack['samples']
        values = [value for value, label, clean in zip(
            samples[name], samples['label'], samples['clean_prediction'])
            if label == clean and value is not None]
        if values:
            found.append(_median(about['seed'], values))
    return found


def _logarithms(records, arithmetic, model, name):
    if arithmetic == 'logodds':      # recorded in floating point alone
        return []
    found = []
    for column in _columns(records, model, arithmetic, name):
        values = np.abs(column['spread'])
        if np.any(values > 0):
            found.append(_median(column['seed'],
                                 np.log10(values[values > 0])))
    return found


def _median(seed, values):
    return {'seed': seed, 'value': float(np.median(values)),
            'spread': np.asarray(values, float)}


def _quotient(seed, count, total):
    return {'seed': seed, 'value': count / total if total else None,
            'count': count, 'total': total}
