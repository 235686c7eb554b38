"""Can the results be believed? Carlini et al. (2019), line by line.

Each line is answered from the data, with the counts it rests on. After "On
Evaluating Adversarial Robustness" come the paper's own claims.
"""

import numpy as np

from papers.song.rates import lower, paper_row
from storage.attack_file import RESULTS
from storage.run_description import DESCRIPTION

YES, NO, UNMEASURED = 'yes', 'no', 'not measured yet'


def checklist(ledger, records):
    """Questions with their answers and evidence, a list of dict.

    Of the ledger's tables, see `papers.song.paper`, and the records.
    """
    return [dict(zip(('id', 'question', 'answer', 'evidence'),
                     (line.__name__, line.__doc__) + line(ledger, records)))
            for line in LINES]


def monotone(ledger, records):
    """Does success never fall when the pixel budget grows?"""
    curves = [row['curve'] for row in ledger['arithmetic']]
    falls = sum(np.any(np.diff(curve) < 0) for curve in curves)
    return _answer(curves, not falls, '%d of %d curves of success against '
                   'the budget fall anywhere' % (falls, len(curves)))


def unbounded(ledger, records):
    """Does an attack without a budget reach 100 %?"""
    rows = [row for row in ledger['unbounded']
            if row['arithmetic'] == 'logodds']
    best = {}
    for row in rows:
        share = row['count'] / row['total'] if row['total'] else 0.
        best[row['model']] = max(best.get(row['model'], 0.), share)
    return _answer(rows, min(best.values(), default=0) >= .99,
                   'all 784 pixels, log-odds, the best algorithm: '
                   + ', '.join('%s %.1f %%' % (name, 100 * value)
                               for name, value in sorted(best.items())))


def zeros(ledger, records):
    """Is the count of all-zero maps beside every success rate?"""
    rows = ledger['arithmetic']
    given = [row for row in rows if row['all_zero'] is not None]
    return _answer(rows, len(given) == len(rows), '%d of %d rates; %d maps '
                   'of %d are all zero' % (
                       len(given), len(rows),
                       sum(row['all_zero'] for row in given),
                       sum(row['total'] for row in given)))


def recorded(ledger, records):
    """Is there a record of every sample, with its test index?"""
    whole = [len(attack['samples']['success']) == len(results['test_indices'])
             for _, results in records[RESULTS]
             for attack in results['attacks']]
    return _answer(whole, all(whole), '%d of %d attacks have one row a test '
                   'index' % (sum(whole), len(whole)))


def iterative(ledger, records):
    """Is the map that is rebuilt (Algorithm 4) no weaker than Algorithm 2?"""
    pairs = []
    for row in ledger['arithmetic']:
        other = paper_row(ledger, row['model'], 2, 'logodds')
        if (row['algorithm'], row['arithmetic'],
                row['variant']) == (4, 'logodds', 'paper') and other:
            pairs.append((row, other))
    weaker = [row['model'] for row, other in pairs
              if lower(row, other)]
    return _answer(pairs, not weaker, 'log-odds; %s' % (', '.join(
        '%s %s against %s' % (row['model'], _share(row), _share(other))
        for row, other in pairs)))


def masked(ledger, records):
    """Is success the same when arithmetic can hide nothing?"""
    pairs = [(row, paper_row(ledger, row['model'], row['algorithm'],
                             'logodds'))
             for row in ledger['arithmetic'] if row['variant'] == 'paper'
             and row['arithmetic'] == 'float32']
    pairs = [pair for pair in pairs if pair[1]]
    apart = [(row, exact) for row, exact in pairs
             if lower(row, exact)]
    return _answer(pairs, not apart, 'float32 falls short of log-odds, '
                   'intervals apart, in %d of %d cases%s' % (
                       len(apart), len(pairs), _worst(apart)))


def several(ledger, records):
    """Were several seeds trained?"""
    seeds = {about['seed'] for about, _ in records[DESCRIPTION]
             if about['kind'] == 'model'}
    return _answer(seeds, len(seeds) > 1, '%d: %s' % (
        len(seeds), ', '.join(map(str, sorted(seeds)))))


def temperature_not_distillation(ledger, records):
    """The paper's thesis: is M_std-T no less robust than M_distill?"""
    return _compare(ledger, 'float32', 'distill', 'as published')


def temperature_defends(ledger, records):
    """Does T = 20 defend (Algorithm 2) once arithmetic hides nothing?"""
    return _compare(ledger, 'logodds', 'std', 'in log-odds')


def _compare(ledger, arithmetic, other, words):
    """Whether Algorithm 2 succeeds less, or as often, on M_std-T."""
    ours = paper_row(ledger, 'std-T20', 2, arithmetic)
    theirs = paper_row(ledger, other, 2, arithmetic)
    if not (ours and theirs):
        return UNMEASURED, 'no finished attack'
    held = (lower(ours, theirs) if other == 'std'
            else not lower(theirs, ours))
    return (YES if held else NO), 'Algorithm 2 %s: std-T20 %s, %s %s' % (
        words, _share(ours), other, _share(theirs))


def _answer(data, held, evidence):
    if not data:
        return UNMEASURED, 'no finished step measures it'
    return (YES if held else NO), evidence


def _worst(pairs):
    if not pairs:
        return ''
    row, exact = max(pairs, key=lambda pair: pair[1]['low'] - pair[0]['high'])
    return '; farthest %s, Algorithm %d: %s against %s' % (
        row['model'], row['algorithm'], _share(row), _share(exact))


def _share(row):
    return '%s of %s' % (row['count'], row['total'])


LINES = (monotone, unbounded, zeros, recorded, iterative, masked, several,
         temperature_not_distillation, temperature_defends)
