"""Beside the ledger: every success rate, and the temperature sweep."""

import numpy as np

from metrics.proportions import wilson
from papers.song.records import attacked, find_attacks, overwritten
from study.pooling import quantiles

COUNTS = ('count', 'total', 'all_zero')


def arithmetic_table(records, kind='attack'):
    """Success of every model, algorithm, variant and arithmetic.

    A list of dict: see `papers.song.paper`, 'arithmetic'.
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

    A list of dict: see `papers.song.paper`, 'sweep'.
    """
    rows = []
    for about, run in records.trainings:
        for rate in about.get('sweep', ()):
            attacks = [(other, results) for other, results
                       in find_attacks(records, 'sweep attack')
                       if other['of'] == about['folder']]
            rows.append(dict(
                _trained(about, run, rate), **_attacked(attacks)))
    return sorted(rows, key=lambda row: (row['rate'], row['temperature']))


def _trained(about, run, rate):
    test = run.get('test') or {}
    return {'temperature': run['arguments']['temperature'], 'rate': rate,
            'learning_rate': run['arguments']['learning_rate'],
            'epochs': run.get('trained_epochs', run['arguments']['epochs']),
            'status': run['status'],
            'accuracy': test.get('accuracy'), 'correct': test.get('correct'),
            'samples': test.get('samples'),
            'wilson_95': test.get('wilson_95'), 'command': about['command']}


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
