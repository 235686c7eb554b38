"""What BANG's paper says, as the study is told of it.

The ledger has, beside what `study.ledger` says:

rows        ours by the published rule of a blank gradient, exact by FGS on
            the log-odds, null where no gradient of the loss is asked for.
            Distances are grey levels of 255
models      one a row of a table that was attacked, seeds pooled: table (a
            key of `papers.bang.plan.TABLES`), model, beta, epsilon (null:
            regular), accuracy, attacks ({name: see `papers.bang.success`}),
            hidden, reach, seeds (attacked), commands
grid        one a model of figure 2 or 4: table, beta, epsilon, level (0 the
            corners), status, accuracy, correct, samples, wilson_95,
            attacks, commands
noise       by table: iterations, sigmas, images, repeats, percent {regular,
            bang: one row an iteration}, command
"""

from papers.bang.measures import commands, measured
from papers.bang.numbers import QUOTES, REASONS
from papers.bang.plan import make_plan
from papers.bang.publishing import targets
from papers.bang.records import read_records
from papers.bang.settings import OPTIONS
from papers.bang.success import grid_table, models_table, noise_table
from study.paper import Paper


def tables(records):
    """What the ledger has beside its rows."""
    return {'models': models_table(records), 'grid': grid_table(records),
            'noise': noise_table(records)}


PAPER = Paper(
    command='reproduce.py bang', options=OPTIONS, make_plan=make_plan,
    targets=targets, format='bang-ledger/2', quotes=QUOTES,
    reasons=REASONS, read_records=read_records, measure=measured,
    commands=commands, tables=tables)
