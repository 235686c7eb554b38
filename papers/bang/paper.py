"""What BANG's paper says, as the study is told of it.

The ledger has, beside what `study.ledger` says:

rows        ours by the published rule of a blank gradient, exact by FGS on
            the log-odds, null where no gradient of the loss is asked for.
            Distances are grey levels of 255
models      one a row of a table that was attacked, seeds pooled: table (a
            key of `papers.bang.plan.TABLES`), model, beta, epsilon (null:
            regular), accuracy, attacks ({name: see `attacks_of_all`}),
            hidden, reach, seeds (attacked), commands
grid        one a model of figure 2 or 4: table, beta, epsilon, level (0 the
            corners), status, accuracy, correct, samples, wilson_95,
            attacks, commands
noise       by table: iterations, sigmas, images, repeats, percent {regular,
            bang: one row an iteration}, command
"""

import itertools
from functools import partial

import numpy as np

from attacks.search import doubled
from papers.bang.attack_names import ATTACKS
from papers.bang.measures import accuracy, attacks_of, commands, measured
from papers.bang.numbers import QUOTES, REASONS
from papers.bang.plan import MODELS, TABLES, make_plan
from papers.bang.recipes import RECIPES
from papers.bang.records import NOISE, read_attack, read_noise
from papers.bang.run_format import BANG
from papers.bang.settings import OPTIONS
from storage.attack_file import RESULTS
from storage.run_description import DESCRIPTION, read_description
from study.paper import Paper
from study.pooling import pool, tested, together
from study.step import read_products

MEANS = ('passed', 'l_infinity')
COUNTS = ('blank', 'unaligned')


def models_table(records):
    """The rows of all tables that were attacked, their seeds pooled.

    A list of dict: see above, 'models'.
    """
    rows = []
    for table, model in itertools.product(TABLES.values(), MODELS):
        found = attacks_of(records, table.name, model)
        if not found:
            continue
        rule = RECIPES[table.net].models[model]
        parts = [part for _, part in found]
        seeds = [about['seed'] for about, _ in found]
        rows.append({
            'table': table.name, 'model': model, 'beta': rule and rule.beta,
            'epsilon': rule and rule.epsilon,
            'accuracy': pool([
                one for one in accuracy(records, table.models, model)
                if one['seed'] in seeds]),
            'attacks': attacks_of_all(parts),
            'hidden': {name: sum(part['hidden'][name] for part in parts)
                       for name in parts[0]['hidden']},
            'reach': reach_of_all(parts),
            'seeds': seeds,
            'commands': [about['command'] for about, _ in found] + [
                about['command'] for about, _ in records[DESCRIPTION]
                if about['kind'] == 'model' and (
                    about['table'], about['model']) == (table.models, model)
            ]})
    return rows


def attacks_of_all(parts):
    """Every attack on one model, its parts of attack.json, a seed each.

    By attack a dict: count, total, low, high (Wilson 95 %), rates (by seed),
    blank, unaligned, and of `passed` and `l_infinity` mean and deviation over
    all seeds' successes, and means (by seed).
    """
    return {name: summed([part['attacks'][name] for part in parts])
            for name in ATTACKS}


def summed(found):
    """One attack: see `attacks_of_all`."""
    counts, totals = ([one['rate'][name] for one in found]
                      for name in ('count', 'total'))
    row = dict(together([one['rate'] for one in found]), rates=[
        count / total if total else None
        for count, total in zip(counts, totals)])
    row.update({name: sum(one[name] for one in found) for name in COUNTS})
    row.update({name: mixture([one[name] for one in found], counts)
                for name in MEANS})
    return row


def mixture(found, counts):
    """Mean and deviation of groups of `counts` values taken as one; means."""
    by_group = [one['mean'] for one in found]
    groups = [(one['mean'], one['deviation'], count)
              for one, count in zip(found, counts) if count]
    if not groups:
        return {'mean': None, 'deviation': None, 'means': by_group}
    means, deviations, sizes = np.transpose(groups)
    mean = np.average(means, weights=sizes)
    square = np.average(deviations ** 2 + (means - mean) ** 2, weights=sizes)
    return {'mean': float(mean), 'deviation': float(np.sqrt(square)),
            'means': by_group}


def reach_of_all(parts):
    """HC1's successes by how far its search may go, seeds together."""
    steps = doubled(max(part['last'] for part in parts))
    return {str(step): sum(within(part['reach'], step) for part in parts)
            for step in steps}


def within(reach, last):
    """Of one seed: where its own search ended sooner, all it found."""
    return max((count for step, count in reach.items() if int(step) <= last),
               default=0)


def grid_table(records):
    """The models of the grids, those of the tables that lie there included.

    A list of dict: see above, 'grid'; by table, beta, then epsilon.
    """
    attacked = {about['of']: (about, part) for about, part in records[RESULTS]}
    rows = []
    for about, run in records[DESCRIPTION]:
        if 'grid' not in about:
            continue
        other, part = attacked.get(about['folder'], (None, None))
        rows.append(dict(
            about['grid'], table=about['table'], **tested(run),
            attacks=attacks_of_all([part]) if part else None,
            commands=[one['command'] for one in (about, other) if one]))
    return sorted(rows, key=lambda row: (row['table'], row['beta'],
                                         row['epsilon']))


def noise_table(records):
    """Figures 3 and 5, where they are measured: see above."""
    return {about['table']: {
        'iterations': record['settings']['iterations'],
        'sigmas': record['settings']['sigmas'],
        'images': len(record['settings']['indices']),
        'repeats': record['settings']['repeats'],
        'percent': record['percent'], 'command': about['command']}
        for about, record in records[NOISE]}


def tables(records):
    """What the ledger has beside its rows."""
    return {'models': models_table(records), 'grid': grid_table(records),
            'noise': noise_table(records)}


PAPER = Paper(
    command='reproduce.py bang', options=OPTIONS, make_plan=make_plan,
    format='bang-ledger/2', quotes=QUOTES, reasons=REASONS,
    read_records=partial(read_products, {
        DESCRIPTION: partial(read_description, form=BANG),
        RESULTS: read_attack, NOISE: read_noise}),
    measure=measured, commands=commands, tables=tables)
