"""BANG's ledger as Markdown: the part of docs/bang.md that it makes."""

from papers.bang.attack_names import ATTACKS, FGS, HC1
from papers.bang.finding import finding, verdict_sentence
from papers.bang.plan import TABLES
from papers.bang.printed import printed
from papers.bang.settings import CIFAR, CIFAR_OWN, LENET, LENET_50000
from reporting.tables import beside, known, seeds, table

MARK = 'bang ledger'   # of the part
#: What a table is of, by name.
TITLES = {LENET: 'Table 1, LeNet trained on all 60,000 images',
          LENET_50000: 'Table 1, LeNet trained on the first 50,000, by BANG '
                       'with Theano\'s softmax (PASS of moved adversarial '
                       'images)',
          CIFAR: 'Table 2, CIFAR-10 quick, by gradients whose red and blue '
                 'are exchanged, as the paper\'s',
          CIFAR_OWN: 'The same by gradients as they are'}
SHORT = 512   # grey levels, of a search that ends sooner
HEAD = ('model', 'accuracy %', 'FGS %, published rule', 'FGS %, zeros',
        'FGS %, log-odds', 'HC1 %', 'HC1 %%, to %d' % SHORT, 'HC1 L∞',
        'HC1 PASS')


def markdown(ledger):
    """The part, without a final newline: our tables beside the paper's."""
    parts = ['**%s**' % ledger['study']['notice']] if ledger['study'][
        'notice'] else []
    parts += [' '.join(finding(ledger)), verdict_sentence(ledger)]
    for name, title in TITLES.items():
        rows = rows_of(ledger, name)
        if rows:
            parts += [title + ':', table(HEAD, [line(row) for row in rows])]
    return '\n\n'.join(parts)


def rows_of(ledger, name):
    """The attacked models of a table."""
    return [row for row in ledger['models'] if row['table'] == name]


def line(row):
    """One model's cells; the paper's figures are in brackets."""
    paper = printed(TABLES[row['table']].net, row['model'])
    attacks = row['attacks']
    theirs = {FGS[0]: paper.fgs.rate, HC1: paper.hc1.rate}
    accuracy = row['accuracy']
    cells = ['%s (%s)' % (row['model'], seeds(row)), beside(
        '%.2f', 100 * accuracy['mean'], paper.accuracy,
        known([seed['value'] for seed in accuracy['per_seed']], 100))]
    cells += [beside('%.2f', percent(attacks[name]), theirs.get(name),
                     known(attacks[name]['rates'], 100)) for name in ATTACKS]
    cells.append(beside('%.2f', sooner(row)))
    return tuple(cells + [
        beside(form, attacks[HC1][name]['mean'], printed_mean,
               known(attacks[HC1][name]['means']))
        for name, form, (printed_mean, _) in (
            ('l_infinity', '%.1f', paper.hc1.l_infinity),
            ('passed', '%.3f', paper.hc1.passed))])


def percent(attack):
    """A rate in per cent; None where nothing was attacked."""
    return (100 * attack['count'] / attack['total'] if attack['total']
            else None)


def sooner(row):
    """HC1's rate in per cent, had it searched to SHORT."""
    total = row['attacks'][HC1]['total']
    return (100 * row['reach'].get(str(SHORT), row['attacks'][HC1]['count'])
            / total if total else None)
