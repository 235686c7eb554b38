"""What may explain the row of table 1 that rises with the attack's strength.

Four explanations are judged, each on two sets of networks: the report's own,
SVHN at width 64, and CIFAR-10. Every judgement follows from the ledger's
models by rule; what is not measured is not judged.
"""

from metrics.proportions import share
from papers.smooth.attack_names import PREDICTED, TRUE
from papers.smooth.evidence import (
    STRONGEST,
    bends,
    leaks,
    recovered,
    rises,
    under,
)
from papers.smooth.measures import LONG
from papers.smooth.numbers import QUOTES
from papers.smooth.plan import (
    CONTROL,
    RISING,
    VANILLA,
    folder,
    group_of,
    place,
)
from papers.smooth.printed import STRENGTHS, TABLES
from papers.smooth.settings import CIFAR, REPORTED_BLOCKS, SVHN, WIDTH

SHOWN, POSSIBLE, EXCLUDED, UNMEASURED = (
    'shown', 'possible', 'excluded', 'not measured')
LEAKING, BENDING, BLOCKS, REVERSED = (
    'label leaking', 'overfitting to a single step', '10 blocks',
    'the row printed in reverse')
#: Where the question is put, the report's own networks first.
SCOPES = (SVHN, CIFAR)


def needed():
    """The least share of images that the row as printed wants recovered.

    So many must be wrong at 50 dB and right at 33, along one direction.
    """
    row = TABLES[SVHN][RISING]
    return (float(row[-1]) - float(row[1])) / 100


def explain(models):
    """Every explanation on every scope: a list of dict.

    part, width (null where nothing is measured), id (one of the four above),
    state (one of the four above), evidence, measured_by (the command that
    would measure it, '' where it is).
    """
    return [dict({'part': part, 'width': width_of(models, part),
                  'id': name}, **judged)
            for part in SCOPES
            for name, judged in explain_one(models, part).items()]


def width_of(models, part):
    """The width of a part's networks, None without any."""
    return next((row['width'] for row in models if row['part'] == part), None)


def explain_one(models, part):
    """{explanation: state, evidence, measured_by} on one part's networks."""
    def find(name, blocks=REPORTED_BLOCKS):
        return next((row for row in models if (
            row['part'], row['row'], row['blocks']) == (part, name, blocks)),
            None)

    row, ten = find(RISING), find(RISING, 10)
    found = {
        LEAKING: row and by_leaking(row, find(CONTROL)),
        BENDING: row and by_bending(row, find(VANILLA)),
        BLOCKS: row and ten and by_blocks(row, ten),
        REVERSED: row and by_reversal(row, part)}
    return {name: judgement(*(one or (UNMEASURED, 'no network of it is '
                                      'attacked')),
                            command(part, name == BLOCKS))
            for name, one in found.items()}


def judgement(state, evidence, measuring):
    """One entry of `explain`."""
    return {'state': state, 'evidence': evidence,
            'measured_by': measuring if state == UNMEASURED else ''}


def command(part, ten):
    """What measures a part's networks, of ten blocks or of eight."""
    words = ['python reproduce.py smooth']
    if part != CIFAR:
        words.append('--parts cifar10 %s' % part)
    elif ten:
        words.append('--blocks 8 10')
    words.append("--only '%sattacks/seed*/%s'" % (
        place(part, 10 if ten else REPORTED_BLOCKS), group_of(RISING)))
    return ' '.join(words + ['--device cuda0'] * (part != CIFAR))


def by_leaking(row, control):
    """(state, evidence): does FGSM give the true label away?"""
    found = leaks(row)
    true, predicted = (under(row, name, STRONGEST)
                       for name in (TRUE, PREDICTED))
    if not (true and predicted):
        return None
    text = ('at %d dB FGSM with the true label leaves %s, with the predicted '
            'one %s, no attack %s' % (STRONGEST, percent(true), percent(
                predicted), percent(row['clean'])))
    if found:
        return SHOWN, text + ('; it leaks at %s dB' % ', '.join(
            map('{:g}'.format, found)))
    if control and leaks(control):
        return EXCLUDED, text + ('; the positive control, which leaks, is '
                                 'caught')
    return POSSIBLE, text + ('; but the positive control is not %s, so that '
                             'this excludes nothing' % (
                                 'caught' if control else 'measured'))


def by_bending(row, vanilla):
    """(state, evidence): does the loss bend away within the step?"""
    step, path = (under(row, name, STRONGEST) for name in (TRUE, LONG))
    bent = bends(row, vanilla)
    if bent is None:
        return None
    text = ('at %d dB FGSM leaves %s, %s within the same step %s'
            % (STRONGEST, percent(step), LONG, percent(path)))
    if bent:
        return SHOWN, text
    if path['low'] > step['high'] / 2:
        return EXCLUDED, text + ', more than half of it'
    return POSSIBLE, text


def by_blocks(row, ten):
    """(state, evidence): do ten blocks rise, and eight not?"""
    eight, more = (rises(one) for one in (row, ten))
    text = 'with 8 blocks accuracy %s, with 10 it %s' % tuple(
        'rises (%g to %g dB)' % found if found else 'does not rise'
        for found in (eight, more))
    return (SHOWN if more and not eight else EXCLUDED), text


def by_reversal(row, part):
    """(state, evidence): do networks fall where the row as printed rises?"""
    found, again = rises(row), recovered(row)
    if found:
        return EXCLUDED, 'accuracy does rise, from %g to %g dB' % found
    text = 'accuracy does not rise with strength'
    if again:
        text += ('; %s are wrong at %d dB and right at %d, the row as printed '
                 'needs %.2f %%' % (percent(again), STRENGTHS[0], STRONGEST,
                                    100 * needed()))
    forward, backward = (agreeing(row, order) for order in (1, -1))
    if part == SVHN and row['width'] == WIDTH:
        text += '; %d of the four numbers agree as printed, %d in reverse' % (
            forward, backward)
        if backward == len(STRENGTHS) > forward:
            return SHOWN, text
    return POSSIBLE, text


def agreeing(row, order):
    """How many of the four accuracies are the printed ones, so ordered."""
    prefix = '%s-%s-' % (SVHN, folder(RISING))
    quotes = {quote.id: quote for quote in QUOTES}
    values = [quotes[prefix + str(snr)].value for snr in STRENGTHS][::order]
    tolerances = [quotes[prefix + str(snr)].tolerance for snr in STRENGTHS]
    found = [under(row, TRUE, snr) for snr in STRENGTHS]
    return sum(bool(one) and abs(share(one) - value) <= tolerance
               for one, value, tolerance in zip(found, values, tolerances))


def percent(found):
    """'93.1 %'."""
    return '%.1f %%' % (100 * share(found))
