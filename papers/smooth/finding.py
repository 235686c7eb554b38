"""What became of the report's robustness, in sentences that data choose.

'Worth something' and the like mean Wilson 95 % intervals apart; the rules are
those of `papers.smooth.evidence`. Every set of networks says its width.
"""

import re

from metrics.proportions import share
from papers.smooth.attack_names import PREDICTED, TRUE
from papers.smooth.evidence import (
    STRONGEST,
    leaks,
    lower,
    masks,
    parts,
    recovered,
    rises,
    rounds_away,
    surviving,
    under,
)
from papers.smooth.explanations import (
    EXCLUDED,
    POSSIBLE,
    SHOWN,
    UNMEASURED,
    needed,
    percent,
)
from papers.smooth.plan import CONTROL, RISING, VANILLA
from papers.smooth.settings import CIFAR, SVHN, TINY, WIDTH
from reporting.sentences import failures, spanned
from reporting.tables import counted

NAMES = {CIFAR: 'CIFAR-10', SVHN: 'SVHN', TINY: 'Tiny ImageNet'}
#: The report's own data sets first, of which its numbers are.
ORDER = (SVHN, TINY, CIFAR)
#: What an explanation's state is called in a sentence.
STATES = {SHOWN: SHOWN, POSSIBLE: POSSIBLE, EXCLUDED: EXCLUDED,
          UNMEASURED: 'possible, as not measured'}
NOTHING = ('No network of the report is attacked yet. The study trains and '
           'attacks its settings on CIFAR-10, at a smaller width than the '
           'report\'s %d.' % WIDTH)


def finding(ledger, short=False):
    """The finding: a list of sentences; in short, the first set's alone."""
    sets = [rows for part in ORDER for rows in sets_of(ledger, part)]
    if not sets:
        return [NOTHING] + rising_row(ledger)
    found = []
    for rows in sets[:1] if short else sets:
        found += told(rows, short)
    return found + rising_row(ledger)


def sets_of(ledger, part):
    """The attacked networks of a data set, by their number of blocks."""
    found = {}
    for row in ledger['models']:
        if row['part'] == part:
            found.setdefault(row['blocks'], []).append(row)
    return list(found.values())


def told(rows, short):
    """The sentences of one set of networks."""
    plain = next((row for row in rows if row['row'] == VANILLA), None)
    control = next((row for row in rows if row['row'] == CONTROL), None)
    defences = [row for row in rows
                if row['row'] not in (VANILLA, CONTROL)]
    found = [scope(rows)]
    if plain and defences:
        found += worth(plain, defences)
    if defences and not short:
        found += made_of(defences)
    return found + rising(rows) + checked(control, rows[0])


def scope(rows):
    """Of which networks the next sentences are."""
    first = rows[0]
    fitted = [100 * row['train']['mean'] for row in rows if row['train']]
    return 'On %s, by networks of width %d%s and %d blocks%s, %s, %s ' \
        'attacked:' % (
            NAMES[first['part']], first['width'],
            '' if first['width'] == WIDTH else ' (the report\'s: %d)' % WIDTH,
            first['blocks'],
            fitted and ', right on %s %% of their training images' % spanned(
                fitted, '%.1f') or '',
            counts(rows, lambda row: len(row['seeds']), 'seed'),
            counts(rows, lambda row: row['clean']['total'], 'image'))


def counts(rows, count, what):
    """'3 seeds', '1 to 3 seeds'."""
    most = max(map(count, rows))
    return '%s %s%s' % (spanned(list(map(count, rows)), '%d'), what,
                        's' * (most != 1))


def worth(plain, defences):
    """What the defences are worth under the strongest attack."""
    published = [under(row, TRUE, STRONGEST) for row in defences]
    left = [surviving(row) for row in defences]
    before, after = under(plain, TRUE, STRONGEST), surviving(plain)
    if None in published + left + [before, after]:
        return ['At %d dB not all of them are attacked in every way.'
                % STRONGEST]
    good = [row['row'] for row, one in zip(defences, left)
            if lower(after, one)]
    bad = [row['row'] for row in defences if row['row'] not in good]
    return [
        'FGSM as the report runs it, at %d dB, leaves %s of Vanilla\'s '
        'images and %s of the defences\' classified correctly; all attacks '
        'together leave %s and %s.' % (
            STRONGEST, percent(before), several(published), percent(after),
            several(left)),
        'Under all of them %s' % '; '.join(filter(None, (
            good and 'worth something beyond Vanilla: %s' % listed(good),
            bad and 'not told apart from Vanilla, or worse: %s' % listed(bad)
        ))) + '.']


def made_of(defences):
    """Arithmetic, leaking, masking, network: shares and rules."""
    found = [one for one in map(parts, defences) if one]
    if not found:
        return []
    arithmetic, leaking, search, network = (
        spanned([100 * getattr(one, name) for one in found], '%.1f')
        for name in ('arithmetic', 'leaking', 'search', 'network'))
    return [
        'Of the accuracy that FGSM leaves the defences at %d dB, rounding '
        'holds %s points, the choice of label %s, what random starts, '
        'iterations and transfer find %s; %s are the networks\'.' % (
            STRONGEST, arithmetic, leaking, search, network),
        'By intervals apart at some strength, arithmetic hides gradients of '
        '%s; labels leak from %s; the single step is masked on %s.' % tuple(
            listed([row['row'] for row in defences if rule(row)])
            for rule in (rounds_away, leaks, masks))]


def rising(rows):
    """Whether accuracy can rise with the attack's strength."""
    rows = [row for row in rows if row['row'] != CONTROL]
    up = [(row['row'], rises(row)) for row in rows if rises(row)]
    most = [(share(recovered(row)), row['row']) for row in rows
            if recovered(row)]
    text = ('Accuracy rises with FGSM\'s strength on %s' % '; '.join(
        '%s (from %g to %g dB)' % (name, *found) for name, found in up)
            if up else 'On none of them does accuracy rise with FGSM\'s '
            'strength')
    if most:
        text += (': at most %.2f %% of the images (%s) are wrong at 50 dB '
                 'and right at 33, where the row that rises in the report '
                 'needs %.2f %%' % (100 * max(most)[0], max(most)[1],
                                    100 * needed()))
    return [text + '.']


def checked(control, row):
    """The positive control's verdict: without it a negative proves nothing.
    """
    if row['part'] == TINY or row['blocks'] != 8:
        return []
    if control is None:
        return ['The positive control is not attacked, so that what is not '
                'found proves nothing.']
    true, predicted = (under(control, name, STRONGEST)
                       for name in (TRUE, PREDICTED))
    seen = '' if not (true and predicted) else (
        ': at %d dB FGSM with the true label leaves %s, with the predicted '
        'one %s, no attack %s' % (STRONGEST, percent(true), percent(
            predicted), percent(control['clean'])))
    if leaks(control):
        return ['The positive control, trained to give labels away, is '
                'caught%s.' % seen]
    return ['The positive control, trained to give labels away, is not '
            'caught%s; so that leaks are not found elsewhere proves nothing.'
            % seen]


def rising_row(ledger):
    """What may explain the row that rises, on each data set asked."""
    found = []
    for part in dict.fromkeys(one['part'] for one in ledger['explanations']):
        ours = [one for one in ledger['explanations']
                if one['part'] == part]
        states = [(words, [one['id'] for one in ours
                           if one['state'] == state])
                  for state, words in STATES.items()]
        found.append('What explains %s, the row that rises, on %s: %s.' % (
            RISING, where(part, ours[0]['width']),
            '; '.join('%s (%s)' % (listed(names), words)
                      for words, names in states if names)))
    return found


def where(part, width):
    """'SVHN at width 64, as in the report'; of no network without width."""
    if part == SVHN and width in (None, WIDTH):
        return '%s at width %d, as in the report' % (NAMES[part], WIDTH)
    return NAMES[part] + (' at width %d' % width if width else '')


def several(found):
    """'40.1 to 60.2 %' of rates."""
    return spanned([100 * share(one) for one in found], '%.1f') + ' %'


def listed(names):
    """'Adv, Adv + Psv'; 'none'. Names that hold a comma want semicolons."""
    return ('; ' if any(',' in name for name in names) else ', ').join(
        names) or 'none'


def verdict_sentence(ledger):
    """'Of the report's 85 numbers ...', and which are not reproduced."""
    return ' '.join([counted(ledger, 'the report\'s %d numbers')]
                    + failures(ledger, parted))


def parted(quantity):
    """'SVHN: accuracy under FGSM at 33 dB of Adv' -> what, and the row."""
    found = re.match('(.*) of ([^:]*)$', quantity)
    return found.groups() if found else (quantity, None)
