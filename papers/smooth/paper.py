"""What the report says, as the study is told of it.

The ledger has, beside what `study.ledger` says:

rows          ours by FGSM with the true label in float32, exact by FGSM on
              the log-odds in float64; of 8 blocks and the report's own data
models        one a data set (part), number of blocks and row that was
              attacked, seeds pooled: part, blocks, row, width, seeds,
              test and train (of all test images, and of the images trained
              on, as they are: what `pooling.pool` gives, or null),
              clean (of the attacked ones), snr (weak to strong), attacks
              {arithmetic: {name: accuracy and cumulative (counts by SNR, null
              where it was not run), recovered ({count, total} of the images
              wrong at 50 dB and right at 33, or null), blank}}, worst
              ({arithmetic: counts of images that survive every attack so
              far}), saturated ({arithmetic: count}), commands. Counts are of
              clean's total
explanations  of the row that rises, as `papers.smooth.explanations` judges
"""

import itertools

from errors import UserError
from papers.smooth.explanations import explain
from papers.smooth.measures import commands, measured, networks, trainings
from papers.smooth.numbers import QUOTES, REASONS
from papers.smooth.plan import ROWS, make_plan
from papers.smooth.records import SHARE, read_records
from papers.smooth.settings import OPTIONS
from study.paper import Paper
from study.pooling import accuracies, pool, together


def models_table(records):
    """The networks that were attacked, their seeds pooled: see above."""
    rows = []
    for part, names in ROWS.items():
        for blocks, name in itertools.product((8, 10), names):
            found = networks(records, part, blocks, name)
            if found:
                rows.append(pooled(records, part, blocks, name, found))
    return rows


def pooled(records, part, blocks, name, found):
    """One row of `models_table`, of `measures.networks`."""
    parts = [network for _, network in found]
    for entry in ('width', 'snr'):
        if any(one[entry] != parts[0][entry] for one in parts):
            raise UserError(
                '%s of %d blocks on %s: expected the attacks of all seeds to '
                'be of one %s, got several: set some aside with --redo' % (
                    name, blocks, part, entry))
    seeds = [about['seed'] for about, _ in found]
    runs = trainings(records, part, blocks)
    return {
        'part': part, 'blocks': blocks, 'row': name,
        'width': parts[0]['width'], 'seeds': seeds,
        **{what: pool([one for one in accuracies(runs, name, what)
                       if one['seed'] in seeds])
           for what in ('test', 'train')},
        'clean': together([one['clean'] for one in parts]),
        'snr': parts[0]['snr'],
        'attacks': {arithmetic: attacks(parts, arithmetic)
                    for arithmetic in parts[0]['arithmetics']},
        'worst': {arithmetic: counts([one['worst'][arithmetic]
                                      for one in parts])
                  for arithmetic in parts[0]['worst']},
        'saturated': {arithmetic: sum(one['saturated'][arithmetic]
                                      for one in parts)
                      for arithmetic in parts[0]['saturated']},
        'commands': list(dict.fromkeys(
            [about['command'] for about, _ in found]
            + [about['command'] for about, _ in runs
               if about['model'] == name and about['seed'] in seeds]))}


def attacks(parts, arithmetic):
    """The attacks that all seeds have in an arithmetic, by name."""
    found = [part['arithmetics'].get(arithmetic, {'attacks': {}})['attacks']
             for part in parts]
    return {name: summed([one[name] for one in found]) for name in found[0]
            if all(name in one for one in found)}


def summed(found):
    """One attack, a seed each, as one: see above, 'models'."""
    recovered = [one['recovered'] for one in found]
    return {'accuracy': counts([one['accuracy'] for one in found]),
            'cumulative': counts([one['cumulative'] for one in found]),
            'recovered': None if None in recovered else {
                name: sum(one[name] for one in recovered) for name in SHARE},
            'blank': sum(one['blank'] for one in found)}


def counts(found):
    """Shares by SNR, a seed each, as counts by SNR; None where not run."""
    return [None if None in shares else sum(share['count']
                                            for share in shares)
            for shares in zip(*found)]


def tables(records):
    """What the ledger has beside its rows."""
    models = models_table(records)
    return {'models': models, 'explanations': explain(models)}


PAPER = Paper(
    command='reproduce.py smooth', options=OPTIONS, make_plan=make_plan,
    format='smooth-ledger/1', quotes=QUOTES, reasons=REASONS,
    read_records=read_records, measure=measured, commands=commands,
    tables=tables)
