"""What the study of BANG found, in sentences that its ledger chooses.

'Below' and 'above' mean Wilson 95 % intervals apart.
"""

import collections

from robustness.names import FGS, HC1
from study.verdicts import UNMEASURED, VERDICTS

PUBLISHED, _, LOG_ODDS = FGS
NOTHING = 'No model of BANG is attacked yet.'


def split(ledger):
    """The attacked models of table 1: (regular, BANG's)."""
    rows = ledger['models']
    return ([row for row in rows if row['epsilon'] is None],
            [row for row in rows if row['epsilon'] is not None])


def finding(ledger):
    """What became of the robustness against FGS: a list of sentences."""
    regular, bang = split(ledger)
    if not (regular and bang):
        return [NOTHING]
    sentences = [
        'By the published rule, by which a gradient is blank when the loss '
        'rounds to 0, FGS fools the models of BANG in %s of the images that '
        'they classify correctly, the regular ones in %s.' % (
            share(bang, PUBLISHED), share(regular, PUBLISHED))]
    above = [row for row in bang if row['attacks'][LOG_ODDS]['low']
             > row['attacks'][PUBLISHED]['high']]
    sentences.append(
        'By the gradient of the log-odds, whose sign is that of the loss\'s '
        'and which never rounds away, the same attack on the same weights '
        'fools BANG\'s in %s and the regular ones in %s: %s.' % (
            share(bang, LOG_ODDS), share(regular, LOG_ODDS),
            'what the published rates show of %s is a loss that rounds to 0'
            % ('%s BANG\'s models' % (
                'all of' if len(above) == len(bang)
                else '%d of %d of' % (len(above), len(bang))))
            if above else 'the rule hides nothing'))
    return sentences + [exact_depth(regular, bang), hot_cold(regular, bang)
                        ] + noise(ledger)


def exact_depth(regular, bang):
    """What is left of the robustness: how much farther FGS has to go."""
    far = [mean(rows, LOG_ODDS) for rows in (regular, bang)]
    if None in far:
        return 'It fooled too little to say how far it had to go.'
    return ('It needs a mean L-infinity of %s grey levels on BANG\'s, of %s '
            'on the regular ones: %s.' % (
                span(bang, LOG_ODDS), span(regular, LOG_ODDS),
                'so much of the robustness against FGS is the networks\''
                if far[1] > far[0] else
                'nothing of the robustness against FGS is the networks\''))


def hot_cold(regular, bang):
    """The other attack, which asks for no gradient of a loss."""
    return 'HC1 fools %s of BANG\'s images and %s of the regular ones\', ' \
        'by a mean L-infinity of %s and %s.' % (
            share(bang, HC1), share(regular, HC1), span(bang, HC1),
            span(regular, HC1))


def noise(ledger):
    """Random noise, where it is measured: a list of no or one sentence."""
    rows = {row['id']: row['ours'] for row in ledger['rows']}
    regular, bang = rows['noise-regular'], rows['noise-bang']
    if not (regular and bang):
        return []
    return ['Random noise of 100 grey levels, in which no gradient has a '
            'part, changes the class of R0 in %.1f %% of the distortions, of '
            'B1 in %.1f %%: %s.' % (
                100 * regular['mean'], 100 * bang['mean'],
                'that robustness is the network\'s'
                if bang['high'] < regular['low'] else
                'no robustness shows there')]


def share(rows, attack):
    """'1.2 to 4.4 %' of several models."""
    shares = [100 * row['attacks'][attack]['count']
              / row['attacks'][attack]['total'] for row in rows]
    low, high = '%.1f' % min(shares), '%.1f' % max(shares)
    return low + ' %' if low == high else '%s to %s %%' % (low, high)


def span(rows, attack):
    """'38.1 to 40.2' of several models' mean distances."""
    values = distances(rows, attack)
    if not values:
        return 'nothing'
    low, high = '%.1f' % min(values), '%.1f' % max(values)
    return low if low == high else '%s to %s' % (low, high)


def mean(rows, attack):
    """The mean over models of their mean distances; None without any."""
    values = distances(rows, attack)
    return sum(values) / len(values) if values else None


def distances(rows, attack):
    """The models' mean L-infinity, of those that were fooled at all."""
    return [row['attacks'][attack]['l_infinity']['mean'] for row in rows
            if row['attacks'][attack]['count']]


def verdict_counts(ledger):
    """Rows a verdict, in the order of VERDICTS."""
    counts = collections.Counter(row['verdict'] for row in ledger['rows'])
    return {verdict: counts[verdict] for verdict in VERDICTS}


def verdict_sentence(ledger):
    """'Of its 59 numbers ...'."""
    counts = verdict_counts(ledger)
    parts = ['%d %s' % (count, verdict) for verdict, count in counts.items()
             if count and verdict != UNMEASURED]
    text = 'Of the paper\'s %d numbers of LeNet: %s.' % (
        len(ledger['rows']), '; '.join(parts) or 'none is measured yet')
    if parts and counts[UNMEASURED]:
        text = text[:-1] + '; %d not measured yet.' % counts[UNMEASURED]
    return text
