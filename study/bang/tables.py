"""BANG's ledger as Markdown: README's part that is made of it."""

from robustness.names import ATTACKS, FGS, HC1
from robustness.paper import printed
from study.bang.finding import finding
from study.bang.paper import NET
from study.bang.summary import verdict_sentence
from study.tables import table

MARK = 'bang ledger'   # of README's part
HEAD = ('model', 'accuracy %', 'FGS %, published rule', 'FGS %, zeros',
        'FGS %, log-odds', 'HC1 %', 'HC1 L∞', 'HC1 PASS')


def markdown(ledger):
    """README's part: table 1 as it came out here, beside the paper's.

    Parameters
    ----------
    ledger : dict
        See `study.bang.ledger`.

    Returns
    -------
    str
        Markdown, without a final newline.
    """
    parts = ['**%s**' % ledger['study']['notice']] if ledger['study'][
        'notice'] else []
    parts += [' '.join(finding(ledger)), verdict_sentence(ledger)]
    if ledger['models']:
        parts.append(models_table(ledger))
    return '\n\n'.join(parts)


def models_table(ledger):
    """A model a row; what the paper prints stands in brackets."""
    return table(HEAD, [line(row) for row in ledger['models']])


def line(row):
    """One model's cells."""
    paper = printed(NET, row['model'])
    attacks = row['attacks']
    theirs = {FGS[0]: paper.fgs.rate, HC1: paper.hc1.rate}
    cells = ['%s (%s)' % (row['model'], seeds(row)),
             beside('%.2f', 100 * row['accuracy']['mean'], paper.accuracy)]
    cells += [beside('%.2f', percent(attacks[name]), theirs.get(name))
              for name in ATTACKS]
    return tuple(cells + [
        beside('%.1f', attacks[HC1]['l_infinity']['mean'],
               paper.hc1.l_infinity[0]),
        beside('%.3f', attacks[HC1]['passed']['mean'],
               paper.hc1.passed[0])])


def seeds(row):
    """'seed 0', '3 seeds'."""
    return ('seed %d' % row['seeds'][0] if len(row['seeds']) == 1
            else '%d seeds' % len(row['seeds']))


def percent(attack):
    """A rate in per cent; None where nothing was attacked."""
    return (100 * attack['count'] / attack['total'] if attack['total']
            else None)


def beside(form, ours, theirs):
    """'99.16 [99.15]'."""
    text = '–' if ours is None else form % ours
    return text if theirs is None else '%s [%s]' % (text, form % theirs)
