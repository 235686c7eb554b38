"""What became of BANG's robustness and numbers, as the ledger has it.

'More' means Wilson 95 % intervals apart, 'farther' ranges over models apart.
"""

import re

from papers.bang.attack_names import FGS, HC1
from papers.bang.settings import CIFAR_OWN, OF_TABLE_1
from reporting.sentences import failures, spanned
from reporting.tables import counted

PUBLISHED, ZEROS, LOG_ODDS = FGS
NOTHING = 'No model of BANG is attacked yet.'


def finding(ledger, short=False):
    """The finding: a list of sentences; in short of FGS and noise alone."""
    words, last = ([], []) if short else ([at_its_word], [hot_cold, accuracy])
    found = told(ledger, OF_TABLE_1, [by_rule, *words, by_log_odds, depth,
                                      *last], '', 'B1')
    return found + told(ledger, CIFAR_OWN, [
        on_cifar, by_log_odds, depth, *last], 'cifar10-', 'B0') if found else [
            NOTHING]


def told(ledger, table, sentences, prefix, model):
    """Those of a table, where both kinds of model are attacked; of noise."""
    rows = [row for row in ledger['models'] if row['table'] == table
            and row['attacks'][HC1]['total']]
    regular = [row for row in rows if row['epsilon'] is None]
    bang = [row for row in rows if row['epsilon'] is not None]
    if not (regular and bang):
        return []
    return [sentence(regular, bang) for sentence in sentences] + noise(
        ledger, prefix, model)


def on_cifar(regular, bang):
    """FGS as published, of CIFAR-10."""
    return ('On CIFAR-10, FGS by the first rule fools BANG\'s models in %s, '
            'the regular ones in %s.' % (share(bang, PUBLISHED),
                                         share(regular, PUBLISHED)))


def by_rule(regular, bang):
    """FGS as published."""
    return ('By the rule that gives the paper\'s rates, which it does not '
            'print, a gradient is blank when the float32 loss is exactly 0: '
            'FGS then fools the models of BANG in %s of the images that they '
            'classify correctly, the regular ones in %s.' % (
                share(bang, PUBLISHED), share(regular, PUBLISHED)))


def at_its_word(regular, bang):
    """FGS where a blank gradient is what the paper says it is."""
    return ('By its words, a gradient that contains only zeros, they are '
            'fooled in %s and %s.' % (share(bang, ZEROS),
                                      share(regular, ZEROS)))


def by_log_odds(regular, bang):
    """FGS where no gradient is blank."""
    more = [row for row in bang if row['attacks'][LOG_ODDS]['low']
            > row['attacks'][PUBLISHED]['high']]
    hidden = ('all of' if len(more) == len(bang)
              else '%d of %d of' % (len(more), len(bang)))
    return (
        'By the gradient of the log-odds, whose sign is that of the loss\'s '
        'and which never rounds away, the same attack on the same weights '
        'fools BANG\'s in %s and the regular ones in %s: %s.' % (
            share(bang, LOG_ODDS), share(regular, LOG_ODDS),
            'what the published rates show of %s BANG\'s models is a loss '
            'that rounds to 0' % hidden if more
            else 'the rule hides nothing'))


def depth(regular, bang):
    """What is left of the robustness: how much farther FGS has to go."""
    theirs, ours = [distances(rows, LOG_ODDS) for rows in (regular, bang)]
    if not (theirs and ours):
        return 'It fooled too little to say how far it had to go.'
    if min(ours) > max(theirs):
        text = 'so much of the robustness against FGS is the networks\''
    elif max(ours) < min(theirs):
        text = 'none of the robustness against FGS is the networks\''
    else:
        text = ('the two do not lie apart, and nothing shows that any of the '
                'robustness against FGS is the networks\'')
    return ('It needs a mean L-infinity of %s grey levels on BANG\'s, of %s '
            'on the regular ones: %s.' % (spanned(ours, '%.1f'),
                                          spanned(theirs, '%.1f'), text))


def hot_cold(regular, bang):
    """The other attack, which asks for no gradient of a loss."""
    return ('HC1 fools %s of BANG\'s images and %s of the regular ones\', by '
            'a mean L-infinity of %s and %s.' % (
                share(bang, HC1), share(regular, HC1),
                spanned(distances(bang, HC1), '%.1f'),
                spanned(distances(regular, HC1), '%.1f')))


def accuracy(regular, bang):
    """What it costs."""
    ours, theirs = [[100 * row['accuracy']['mean'] for row in rows]
                    for rows in (bang, regular)]
    return ('BANG\'s models classify %s %% of the test images correctly, the '
            'regular ones %s %%.' % (spanned(ours, '%.2f'),
                                     spanned(theirs, '%.2f')))


def noise(ledger, prefix, model):
    """Random noise, where it is measured: a list of no or one sentence."""
    rows = {row['id']: row['ours'] for row in ledger['rows']}
    regular, bang = (rows['%snoise-%s' % (prefix, name)]
                     for name in ('regular', 'bang'))
    if not (regular and bang):
        return []
    return ['Random noise of %d grey levels, in which no gradient has a '
            'part, changes the class of R0 in %.1f %% of the distortions, of '
            '%s in %.1f %%: of this pair of trainings, %s.' % (
                40 if prefix else 100, 100 * regular['mean'], model,
                100 * bang['mean'],
                'that robustness is the network\'s'
                if bang['high'] < regular['low'] else
                'no robustness shows there')]


def share(rows, attack):
    """'1.2 to 4.4 %' of several models."""
    return spanned([100 * row['attacks'][attack]['count']
                    / row['attacks'][attack]['total'] for row in rows],
                   '%.1f') + ' %'


def distances(rows, attack):
    """The models' mean L-infinity, of those that were fooled at all."""
    return [row['attacks'][attack]['l_infinity']['mean'] for row in rows
            if row['attacks'][attack]['count']]


def verdict_sentence(ledger):
    """'Of the paper's 118 numbers ...', and which are not reproduced."""
    return ' '.join([counted(ledger, 'the paper\'s %d numbers')]
                    + failures(ledger, parted))


def parted(quantity):
    """'mean PASS of HC1 on B0' -> what, and the model or None."""
    found = re.match('(.*) (?:on|of) ([RB][0-9])$', quantity)
    return found.groups() if found else (quantity, None)
