"""BANG's chapter of the report: what the templates show of its ledger."""

from papers.bang import finding, summary
from papers.bang.settings import FULL, QUICK
from papers.bang.tables import HEAD, line
from reporting import rerun, tables
from study.verdicts import verdict_counts

SCRIPT = 'reproduce_bang.py'


def context(ledger):
    """The chapter's texts; None without a ledger.

    Parameters
    ----------
    ledger : dict or None
        See `papers.bang.ledger`.
    """
    if ledger is None:
        return None
    done, steps, others = rerun.left(ledger['study'])
    return {'notice': ledger['study']['notice'],
            'finding': finding.finding(ledger),
            'verdict_sentence': summary.verdict_sentence(ledger),
            'counts': verdict_counts(ledger),
            'rows': tables.ledger_rows(ledger), 'done': done, 'steps': steps,
            'others': others, 'command': command(ledger['study'])}


def plain_tables(ledger):
    """Heads and rows of text, by name."""
    if ledger is None:
        return {}
    return {'bang': tables.ledger_table(ledger, 'FGS by log-odds'),
            'bang-models': (HEAD, [line(row) for row in ledger['models']])}


def command(study):
    """What continues the study, in one line."""
    settings = study['settings']
    usual = QUICK if study['quick'] else FULL
    words = ['python', SCRIPT] + ['--quick'] * study['quick']
    for name in sorted(set(usual) - {'dataset'}):
        value, default = settings.get(name, usual[name]), usual[name]
        if isinstance(value, (list, tuple)):
            value, default = [' '.join('%g' % item for item in items)
                              for items in (value, default)]
        if value != default:
            words.append('--%s %s' % (name.replace('_', '-'), value))
    return ' '.join(words)
