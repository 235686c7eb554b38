"""A paper's ledger: what became of every number in it.

A study writes it from its finished steps. Shares are fractions of 1; null is
'not measured', or no number. The keys of every ledger:

format      the paper's
study       name, dataset (see `settings.DATASETS`), quick (bool), notice (''
            or a warning that every product must repeat), settings (the
            options), code ({version of the code: [steps that it made]}; a
            version is a SHA-256, see `identity`, or 'commit ...' where
            none was kept; in old ledgers one text), steps: {state: number}
rows        one a quoted number, in the paper's order:
            id, quantity, place, quoted (as printed), value, unit (see
            `study.paper`), ours and exact (null or what `pooling.pool`
            gives: mean, sd, low, high, count, total, per_seed: [{seed,
            value, count, total}]), ours as published and exact where
            arithmetic hides nothing, commands, tolerance {rule, value,
            reason}, verdict (one of `verdicts.VERDICTS`), why, and note where
            there is something else to know

The others are the paper's own tables.
"""

import collections
import os

from errors import UserError
from storage.atomic import read_json
from storage.attack_file import read_ours
from study.pooling import pool
from study.verdicts import judge

JUDGED = ('ours', 'exact')


def make_ledger(paper, about, folder, steps, states):
    """The ledger of a study, as far as it has come: a dict, see above.

    Parameters
    ----------
    paper : study.paper.Paper
    about : dict
        name, dataset, quick, notice, settings and code of the study.
    folder : str
    steps : list of study.step.Step
    states : dict of str to str
        By the steps' names; 'done' are read.
    """
    records = paper.read_records(folder, [
        step for step in steps if states[step.name] == 'done'])
    counts = collections.Counter(states.values())
    return dict({'format': paper.format,
                 'study': dict(about, steps=dict(sorted(counts.items()))),
                 'rows': [row(paper, quote, records)
                          for quote in paper.quotes]},
                **paper.tables(records))


def row(paper, quote, records):
    """One row: the quote, our measurement of it, and the verdict."""
    found = {name: pool(values) for name, values
             in paper.measure(records, quote).items()}
    ours, exact = (found.pop(name) for name in JUDGED)
    verdict, why = judge(quote, paper.quotes, ours, exact)
    return dict(
        {'id': quote.id, 'quantity': quote.quantity, 'place': quote.place,
         'quoted': quote.quoted, 'value': quote.value, 'unit': quote.unit,
         'ours': ours, 'exact': exact,
         'commands': paper.commands(records, quote),
         'tolerance': {'rule': quote.rule, 'value': quote.tolerance,
                       'reason': paper.reasons[quote.reason]},
         'verdict': verdict, 'why': why},
        **{name: pooled and pooled['mean']
           for name, pooled in found.items()},
        **({'note': quote.note} if quote.note else {}))


def codes_of(standings):
    """The versions of the code that made the done steps.

    Names of steps by version, see above, of their Standings by name.
    """
    found = {}
    for name, standing in standings.items():
        if standing.state == 'done':
            stamp = standing.stamp
            version = stamp['code'] or 'commit %s' % stamp['made_by']['commit']
            found.setdefault(version, []).append(name)
    return found


def read_ledger(paper, path):
    """A ledger; a UserError if it is none of this study.paper.Paper's."""
    ledger = read_ours(
        path, 'a ledger of format ' + paper.format,
        lambda ledger: ledger['format'] == paper.format,
        'write it anew with python ' + paper.command)
    if ledger is None:
        raise UserError('%s: expected a ledger, found none: python %s writes '
                        'it' % (path, paper.command))
    return ledger


def why_kept(path, states, notice, chosen):
    """Why the checkout's ledger stays, and a study's own goes elsewhere.

    '' where the study's takes its place. The checkout's, at `path`, is of a
    full study.

    Parameters
    ----------
    path : str
    states : dict of str to str
        Of this study's steps; 'done' count.
    notice : str
        What this study's products have to say; '' of a full one.
    chosen : str or None
        Where the user wants the ledger: what is there is not looked at.
    """
    if notice or chosen or not os.path.exists(path):
        return notice
    try:
        there = read_json(path)['study']['steps'].get('done', 0)
    except (ValueError, KeyError, TypeError, AttributeError):
        return ''       # nothing that is worth keeping
    done = list(states.values()).count('done')
    return '' if there <= done else (
        '%s rests on %d finished steps, this study has %d: it is kept '
        '(--ledger %s takes its place)' % (path, there, done, path))
