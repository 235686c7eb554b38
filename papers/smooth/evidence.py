"""What the attacks on one network say, by rule.

`row` is always one of the ledger's 'models' (see `papers.smooth.paper`).
'Lower' and 'higher' mean Wilson 95 % intervals apart. That the same images are
compared makes it a cautious rule: they would have to differ more if they were
others.
"""

from typing import NamedTuple

from metrics.proportions import discordant, rate, share
from papers.smooth.attack_names import (
    LEAST_LIKELY,
    LOG_ODDS,
    PREDICTED,
    RANDOM,
    RANDOM_FIRST,
    TRANSFER,
    TRUE,
)
from papers.smooth.measures import FLOAT32, FLOAT64, LONG
from papers.smooth.printed import STRENGTHS

STRONGEST = STRENGTHS[-1]   # dB, the report's
#: Attacks that know less of the loss than its gradient at the image, or turn
#: away from it at first: where one of them does more, that gradient misleads.
BLINDER = (RANDOM_FIRST, TRANSFER, RANDOM)


def under(row, name, snr, arithmetic=FLOAT32, what='accuracy'):
    """The share of images classified correctly under an attack.

    What `metrics.proportions.rate` gives, None where it is not measured.
    """
    found = row['attacks'].get(arithmetic, {}).get(name)
    if found is None or snr not in row['snr']:
        return None
    count = found[what][row['snr'].index(snr)]
    return None if count is None else rate(count, row['clean']['total'])


def exact(row, snr):
    """The same under FGSM where no arithmetic hides a gradient.

    The gradient of the log-odds, whose sign is the loss's, in float64, or
    where that is not measured in float32.
    """
    return (under(row, LOG_ODDS, snr, FLOAT64)
            or under(row, LOG_ODDS, snr))


def surviving(row, snr=STRONGEST):
    """The share that every attack of that strength or less leaves.

    Image by image in float32; where the exact gradient alone leaves fewer, so
    many.
    """
    if snr not in row['snr'] or FLOAT32 not in row['worst']:
        return None
    left = row['worst'][FLOAT32][row['snr'].index(snr)]
    finer = exact(row, snr)
    return rate(min(left, finer['count']) if finer else left,
                row['clean']['total'])


def lower(one, other):
    """Whether a share is lower than another, both being measured."""
    return bool(one and other and one['high'] < other['low'])


class Parts(NamedTuple):
    """What FGSM's accuracy at a strength is made of, fractions that add up.

    `arithmetic` is what the exact gradient takes, `leaking` what FGSM by the
    predicted or the least likely label takes beyond that, `search` what
    random starts, iterations, transferred and weaker attacks together take
    beyond both, and `network` what is left.
    """

    network: float
    search: float
    leaking: float
    arithmetic: float


def parts(row, snr=STRONGEST):
    """The Parts of a network's accuracy; None where too little is known."""
    left = surviving(row, snr)
    found = [under(row, name, snr) for name in (TRUE, PREDICTED, LEAST_LIKELY)]
    found.insert(1, exact(row, snr))
    if left is None or None in found:
        return None
    published, by_exact, *labels = map(share, found)
    honest = min(published, by_exact)
    labelled, left = min(honest, *labels), share(left)
    return Parts(left, labelled - left, honest - labelled,
                 published - honest)


def rounds_away(row):
    """Strengths at which float32 hides what the exact gradient finds."""
    return [snr for snr in row['snr']
            if lower(exact(row, snr), under(row, TRUE, snr))]


def leaks(row):
    """Strengths at which moving along the true label's gradient gives it away.

    There FGSM with the true label leaves more images than are classified
    correctly without an attack, or than FGSM with the predicted label leaves.
    The two attacks are the same on what is classified correctly.
    """
    return [snr for snr in row['snr']
            if lower(row['clean'], under(row, TRUE, snr))
            or lower(under(row, PREDICTED, snr), under(row, TRUE, snr))]


def masks(row):
    """Strengths at which a blinder attack does more than the exact gradient.
    """
    return [snr for snr in row['snr'] if any(
        lower(under(row, name, snr), exact(row, snr)) for name in BLINDER)]


def rises(row, name=TRUE):
    """(weaker, stronger) strengths between which accuracy rises, or None.

    Of all such pairs that between which it rises most; of 50 and 33 dB, of
    which it is known which images are recovered, the comparison is a paired
    one.
    """
    found = [(snr, under(row, name, snr)) for snr in row['snr']
             if under(row, name, snr)]
    pairs = [(share(after) - share(before), weak, strong)
             for place, (weak, before) in enumerate(found)
             for strong, after in found[place + 1:] if lower(before, after)]
    if pairs:
        return max(pairs)[1:]
    return (STRENGTHS[0], STRONGEST) if rises_in_pairs(row, name) else None


def rises_in_pairs(row, name):
    """Whether more images are recovered from 50 to 33 dB than are lost.

    By McNemar's exact test, at 0.1 %, as many networks are asked.
    """
    again = recovered(row, name)
    before, after = (under(row, name, snr)
                     for snr in (STRENGTHS[0], STRONGEST))
    if not (again and before and after):
        return False
    won = again['count']
    lost = max(0, won - (after['count'] - before['count']))
    return won > lost and discordant(won, lost).p_value < .001


def recovered(row, name=TRUE):
    """The share that is wrong at 50 dB and right at 33, or None."""
    found = row['attacks'].get(FLOAT32, {}).get(name)
    if not found or not found['recovered']:
        return None
    return rate(found['recovered']['count'], found['recovered']['total'])


def bends(row, vanilla):
    """Whether the loss bends away within the step, or None: not known.

    So it is where FGSM leaves more images than of Vanilla, and iterations
    within the same step take more than half of them.
    """
    step, path = (under(row, name, STRONGEST) for name in (TRUE, LONG))
    plain = vanilla and under(vanilla, TRUE, STRONGEST)
    if not (step and path and plain):
        return None
    return lower(plain, step) and path['high'] < step['low'] / 2
