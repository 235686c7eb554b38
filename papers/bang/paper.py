"""What BANG's paper says of LeNet, as the study is told of it.

The ledger has, beside what `study.ledger` says:

rows        ours by the published rule of a blank gradient, exact by FGS on
            the log-odds, null where no gradient of the loss is asked for.
            Distances are grey levels of 255
models      one a row of table 1 that was attacked, seeds pooled: model,
            beta, epsilon (null: regular), accuracy, attacks ({name: see
            `papers.bang.success`}), hidden, reach, seeds (attacked),
            commands
grid        one a model of figure 2: beta, epsilon, level (0 the corners),
            status, accuracy, correct, samples, wilson_95, attacks, commands
noise       null, or iterations, sigmas, images, repeats, percent {regular,
            bang: one row an iteration}, command
"""

import os

from papers.bang.measures import commands, measured
from papers.bang.numbers import QUOTES, REASONS
from papers.bang.plan import make_plan
from papers.bang.publishing import targets
from papers.bang.records import read_records
from papers.bang.settings import OPTIONS
from papers.bang.success import grid_table, models_table, noise_table
from papers.bang.tables import MARK, markdown
from storage.identity import ROOT
from study.paper import Paper

OTHERS = os.path.join(ROOT, 'results', 'ledger.json')   # report's chapters


def tables(records):
    """What the ledger has beside its rows."""
    return {'models': models_table(records), 'grid': grid_table(records),
            'noise': noise_table(records)}


def report(folder, ledger, study):
    """Write the report of a ledger; what to say of it."""
    from reporting.writing import write_report
    if not os.path.exists(OTHERS):  # as in a container before the first study
        return ('no report is written: its other chapters are of %s, which '
                'python reproduce.py makes' % OTHERS)
    return 'wrote %s' % write_report(folder, OTHERS, os.path.dirname(OTHERS),
                                     ledger)


PAPER = Paper(
    command='reproduce.py bang', options=OPTIONS, make_plan=make_plan,
    targets=targets, format='bang-ledger/1', quotes=QUOTES,
    reasons=REASONS, read_records=read_records, measure=measured,
    commands=commands, tables=tables, mark=MARK, markdown=markdown,
    report=report)
