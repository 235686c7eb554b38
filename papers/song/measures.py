"""The paper's quantities, measured on the records: one value a seed.

Every measure takes the records (see `study.step.read_products`), the
arithmetic and the quote's arguments, and gives a list of dict for
`pooling.pool`. Attacks are those of the text (`--variant paper`) unless said
otherwise; success is of the samples that the model classifies correctly.
"""

import numpy as np

from storage.attack_file import RESULTS
from storage.run_description import DESCRIPTION
from study.pooling import accuracies, quotient

#: Measures that no arithmetic of an attack has a part in.
PLAIN = ('accuracy', 'exact_gradient', 'gradient_factor')


def measured(records, quote):
    """A quote in float32 as published, in log-odds, and by the scripts.

    ours, exact and script: see `study.paper`, measure. The latter two are
    empty where no arithmetic of an attack has a part in it.
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

    What is the name of a function below, then its arguments.
    """
    return globals()[what[0]](records, arithmetic, variant, *what[1:])


def commands(records, quote):
    """The commands that measure a quote, a seed each."""
    name, *arguments = quote.measure
    if name == 'accuracy':
        return [about['command'] for about, _ in records[DESCRIPTION]
                if about['kind'] == 'model'
                and about['model'] == arguments[0]]
    algorithm = ([value for value in arguments if isinstance(value, int)]
                 or [1])[0]
    return [about['command'] for about, _ in find_attacks(
        records, 'attack', algorithm, 'paper')]


def find_attacks(records, kind, algorithm=None, variant=None):
    """(about, attack.json) of the attacks of a kind, by seed."""
    return [(about, results) for about, results in records[RESULTS]
            if about['kind'] == kind
            and algorithm in (None, about['algorithm'])
            and variant in (None, about['variant'])]


def attacked(attack, name):
    """A column of an attack's samples: of those classified correctly."""
    samples = attack['samples']
    return [value for value, label, clean in zip(
        samples[name], samples['label'], samples['clean_prediction'])
        if label == clean]


def overwritten(attack):
    """Pixels overwritten, of the successes."""
    samples = attack['samples']
    return [steps for steps, done in zip(
        samples['steps'], samples['success']) if done]


def accuracy(records, arithmetic, variant, model):
    """Of the test set, after training."""
    return accuracies(records[DESCRIPTION], model)


def success(records, arithmetic, variant, model, algorithm):
    """Of the correctly classified samples."""
    return _shares(records, arithmetic, variant, model, algorithm,
                   lambda rate: rate['count'])


def usable(records, arithmetic, variant, model, algorithm):
    """Share of the attacked samples whose map is not all zero."""
    return _shares(records, arithmetic, variant, model, algorithm,
                   lambda rate: rate['total'] - rate['all_zero'])


def ratio(records, arithmetic, variant, above, below, algorithm):
    """One model's success rate over another's."""
    return _paired(
        [success(records, arithmetic, variant, model, algorithm)
         for model in (above, below)],
        lambda one, other: one / other if other else None)


def mean_gradient(records, arithmetic, variant, model):
    """log10 |mean of d loss / d x|, where it is not 0."""
    return _logarithms(records, arithmetic, model, 'mean_gradient')


def max_gradient(records, arithmetic, variant, model):
    """log10 max |d loss / d x|, where it is not 0; exact in log-odds."""
    if arithmetic == 'logodds':
        return exact_gradient(records, arithmetic, variant, model)
    return _logarithms(records, arithmetic, model, 'max_gradient')


def exact_gradient(records, arithmetic, variant, model):
    """log10 max |d loss / d x| in exact arithmetic."""
    return _columns(records, model, 'logodds', 'log10_max_gradient')


def gradient_factor(records, arithmetic, variant, model):
    """Decades between the exact median maxima of M_std and a model."""
    return _paired([exact_gradient(records, arithmetic, variant, name)
                    for name in ('std', model)],
                   lambda one, other: one - other)


def pixels(records, arithmetic, variant, model, algorithm):
    """Pixels overwritten, over successes."""
    return _medians((about['seed'], overwritten(attack)) for about, attack
                    in _parts(records, arithmetic, variant, model, algorithm))


def _parts(records, arithmetic, variant, model, algorithm):
    return [(about, attack) for about, results
            in find_attacks(records, 'attack', algorithm, variant)
            for attack in results['attacks'] if (
                attack['model'], attack['arithmetic']) == (model, arithmetic)]


def _shares(records, arithmetic, variant, model, algorithm, count):
    found = [(about['seed'], attack['summary']['rates']['correct'])
             for about, attack in _parts(records, arithmetic, variant, model,
                                         algorithm)]
    return [quotient(seed, count(rate), rate['total'])
            for seed, rate in found]


def _columns(records, model, arithmetic, name):
    """A column of the correctly classified samples of Algorithm 1."""
    return _medians(
        (about['seed'], [value for value in attacked(attack, name)
                         if value is not None]) for about, attack
        in _parts(records, arithmetic, 'paper', model, 1))


def _logarithms(records, arithmetic, model, name):
    if arithmetic == 'logodds':      # recorded in floating point alone
        return []
    columns = [(column['seed'], np.abs(column['spread'])) for column
               in _columns(records, model, arithmetic, name)]
    return _medians((seed, np.log10(values[values > 0]))
                    for seed, values in columns)


def _medians(found):
    """Of pairs of a seed and its values; a seed without any is left out."""
    return [{'seed': seed, 'value': float(np.median(values)),
             'spread': np.asarray(values, float)}
            for seed, values in found if len(values)]


def _paired(both, combine):
    """Two measures' values by seed as one, of the seeds that both have."""
    above, below = ({value['seed']: value['value'] for value in values}
                    for values in both)
    return [{'seed': seed, 'value': combine(above[seed], below[seed])}
            for seed in above if seed in below]
