"""Song 2017, as the study is told of it.

The ledger has, beside what `study.ledger` says:

rows        script: the mean of the scripts' variant, float32; ours is
            float32 as published, exact is log-odds. Gradients are log10
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

from functools import partial

import numpy as np

from metrics.proportions import wilson
from papers.song.checklist import checklist
from papers.song.measures import (
    attacked,
    commands,
    find_attacks,
    measured,
    overwritten,
)
from papers.song.numbers import QUOTES, REASONS
from papers.song.plan import make_plan
from papers.song.run_format import ATTACK, SONG
from papers.song.settings import OPTIONS
from storage.attack_file import RESULTS, read_finished
from storage.run_description import DESCRIPTION, read_description
from study.paper import Paper
from study.pooling import quantiles, tested
from study.step import read_products

COUNTS = ('count', 'total', 'all_zero')


def arithmetic_table(records, kind='attack'):
    """Success of every model, algorithm, variant and arithmetic.

    A list of dict: see above, 'arithmetic'.
    """
    cells = {}
    for about, results in find_attacks(records, kind):
        for attack in results['attacks']:
            cells.setdefault(
                (attack['model'], about['algorithm'], about['variant'],
                 attack['arithmetic']), []).append((about, attack))
    return [dict(zip(('model', 'algorithm', 'variant', 'arithmetic'), key),
                 **summed(found)) for key, found in sorted(cells.items())]


def summed(found):
    """One cell's attacks, a seed each, as sums and by seed."""
    rates = [dict({name: attack['summary']['rates']['correct'][name]
                   for name in COUNTS}, seed=about['seed'])
             for about, attack in found]
    row = {name: sum(rate[name] for rate in rates) for name in COUNTS}
    row['low'], row['high'] = wilson(row['count'], row['total'])
    row['all_zero_share'] = (row['all_zero'] / row['total']
                             if row['total'] else None)
    row['samples'] = sum(attack['summary']['rates']['all']['total']
                         for _, attack in found)
    joint = [attack['summary']['rates']['correct for all']
             for _, attack in found]
    row['correct_for_all'] = {name: sum(rate[name] for rate in joint)
                              for name in COUNTS}
    steps = [step for _, attack in found for step in overwritten(attack)]
    row['pixels'] = {
        'median': float(np.median(steps)) if steps else None,
        'mean': float(np.mean(steps)) if steps else None}
    row['curve'] = np.sum([attack['curve'] for _, attack in found],
                          axis=0).tolist()
    row['per_seed'] = rates
    row['commands'] = [about['command'] for about, _ in found]
    return row


def sweep_table(records):
    """Accuracy, margins, gradients and success against T.

    A list of dict: see above, 'sweep'.
    """
    rows = []
    for about, run in records[DESCRIPTION]:
        for rate in about.get('sweep', ()):
            attacks = [(other, results) for other, results
                       in find_attacks(records, 'sweep attack')
                       if other['of'] == about['folder']]
            rows.append(dict(
                temperature=run['arguments']['temperature'], rate=rate,
                learning_rate=run['arguments']['learning_rate'],
                epochs=run.get('trained_epochs', run['arguments']['epochs']),
                **tested(run), command=about['command'],
                **_attacked(attacks)))
    return sorted(rows, key=lambda row: (row['rate'], row['temperature']))


def _attacked(attacks):
    """What the attacks on one model of the sweep found."""
    found = {'margin': None, 'log10_gradient': {}, 'success': []}
    for about, results in attacks:
        for attack in results['attacks']:
            row = summed([(about, attack)])
            found['success'].append(dict(
                {name: row[name] for name in COUNTS + (
                    'low', 'high', 'all_zero_share', 'pixels')},
                algorithm=about['algorithm'],
                arithmetic=attack['arithmetic'], command=about['command']))
            if about['algorithm'] == 1:
                found.update(_magnitudes(attack, found['log10_gradient']))
    return found


def _magnitudes(attack, gradients):
    """Quantiles of margins and of log10 max |gradient|, attacked samples."""
    name, zero = attack['arithmetic'], 0
    if name == 'logodds':
        column = attacked(attack, 'log10_max_gradient')
    else:
        sizes = attacked(attack, 'max_gradient')
        zero = sum(value == 0 for value in sizes)
        column = np.log10([value for value in sizes if value])
    gradients[name] = dict(quantiles(column), zero=zero)
    return {'margin': quantiles(attacked(attack, 'margin')),
            'log10_gradient': gradients}


def tables(records):
    """What the ledger has beside its rows."""
    found = {'arithmetic': arithmetic_table(records),
             'unbounded': arithmetic_table(records, 'unbounded'),
             'sweep': sweep_table(records)}
    return dict(found, checklist=checklist(found, records))


PAPER = Paper(
    command='reproduce.py', options=OPTIONS, make_plan=make_plan,
    format='song2017-ledger/1', quotes=QUOTES, reasons=REASONS,
    read_records=partial(read_products, {
        DESCRIPTION: partial(read_description, form=SONG),
        RESULTS: partial(read_finished, form=ATTACK)}),
    measure=measured, commands=commands, tables=tables)
