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

from papers.song.checklist import checklist
from papers.song.measures import commands, measured
from papers.song.numbers import QUOTES, REASONS
from papers.song.plan import make_plan, targets
from papers.song.records import read_records
from papers.song.settings import OPTIONS
from papers.song.success import arithmetic_table, sweep_table
from study.paper import Paper


def tables(records):
    """What the ledger has beside its rows."""
    found = {'arithmetic': arithmetic_table(records),
             'unbounded': arithmetic_table(records, 'unbounded'),
             'sweep': sweep_table(records)}
    return dict(found, checklist=checklist(found, records))


PAPER = Paper(
    command='reproduce.py', options=OPTIONS, make_plan=make_plan,
    targets=targets, format='song2017-ledger/1', quotes=QUOTES,
    reasons=REASONS, read_records=read_records, measure=measured,
    commands=commands, tables=tables)
