"""BANG's chapter of the report: what the templates show of its ledger."""

from papers.bang import finding, summary
from papers.bang.paper import PAPER
from papers.bang.tables import HEAD, line
from reporting import rerun, tables
from study.settings import command
from study.verdicts import verdict_counts


def context(ledger):
    """The chapter's texts; None without a ledger.

    Parameters
    ----------
    ledger : dict or None
        See `papers.bang.paper`.
    """
    if ledger is None:
        return None
    done, steps, others = rerun.left(ledger['study'])
    return {'notice': ledger['study']['notice'],
            'finding': finding.finding(ledger),
            'verdict_sentence': summary.verdict_sentence(ledger),
            'counts': verdict_counts(ledger),
            'rows': tables.ledger_rows(ledger), 'done': done, 'steps': steps,
            'others': others, 'command': command(PAPER, ledger['study'])}


def plain_tables(ledger):
    """Heads and rows of text, by name."""
    if ledger is None:
        return {}
    return {'bang': tables.ledger_table(ledger, 'FGS by log-odds'),
            'bang-models': (HEAD, [line(row) for row in ledger['models']])}
