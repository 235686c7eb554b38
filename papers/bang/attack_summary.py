"""What the records of a model amount to: a row of BANG's tables, and more."""

from typing import NamedTuple

import numpy as np

from attacks.search import doubled
from metrics.proportions import wilson
from papers.bang.attack_names import ATTACKS, FGS, HC1


class Rate(NamedTuple):
    """A proportion with its Wilson 95 % interval."""

    count: int
    total: int
    low: float
    high: float


class Spread(NamedTuple):
    """Mean and standard deviation over successes; NaN where there is none.

    The deviation is that of the successes at hand (divided by n).
    """

    mean: float
    deviation: float


class Attacked(NamedTuple):
    """One attack on the correctly classified samples of one model.

    Attributes
    ----------
    rate : Rate
        Successes among all correctly classified samples, as in the paper.
    blank : int
        Samples without a direction by the attack's rule.
    passed, l_infinity, step : Spread
    unaligned : int
        Successes for which ECC did not converge: their PASS is the SSIM of
        the images as they are.
    """

    rate: Rate
    blank: int
    passed: Spread
    unaligned: int
    l_infinity: Spread
    step: Spread


class Summary(NamedTuple):
    """One model: its accuracy on the samples, its attacks by name.

    `hidden` are the samples on which FGS fails by the published rule, those
    of them that are blank, and those of the failures and of the blanks that
    it fools by the log-odds gradient: what the rule hides. `reach` are
    HC1's successes by how far its search might have gone: 1, 2, 4, ... grey
    levels, up to how far it went.
    """

    accuracy: Rate
    attacks: 'dict[str, Attacked]'
    hidden: 'dict[str, int]'
    reach: 'dict[int, int]'


def rate(count, total):
    """A `Rate` of counts."""
    return Rate(int(count), int(total), *wilson(count, total))


def spread(values):
    """A `Spread` of (n,) numbers."""
    if not len(values):
        return Spread(np.nan, np.nan)
    return Spread(float(np.mean(values)), float(np.std(values)))


def summarise_model(arrays, last):
    """The summary of one model.

    Parameters
    ----------
    arrays : dict of str to (n,) array
        As `attack.attack_block` makes them.
    last : int
        How far HC1 searched.
    """
    correct = arrays['clean_prediction'] == arrays['label']  # (n,)
    return Summary(rate(correct.sum(), len(correct)),
                   {name: summarise_attack(arrays, name, correct)
                    for name in ATTACKS}, hidden(arrays, correct),
                   reach(arrays[HC1 + '/step'], last))


def summarise_attack(arrays, name, correct):
    """One attack's `Attacked`."""
    columns = {column: arrays['%s/%s' % (name, column)][correct]
               for column in ('success', 'blank', 'aligned', 'pass',
                              'l_infinity', 'step')}
    fooled = columns['success']
    return Attacked(
        rate(fooled.sum(), correct.sum()), int(columns['blank'].sum()),
        spread(columns['pass'][fooled]),
        int(np.sum(fooled & ~columns['aligned'])),
        spread(columns['l_infinity'][fooled]),
        spread(columns['step'][fooled]))


def hidden(arrays, correct):
    """See `Summary`."""
    published, _, log_odds = FGS
    failed = correct & ~arrays[published + '/success']
    blank = correct & arrays[published + '/blank']
    fooled = arrays[log_odds + '/success']
    return {'failed': int(failed.sum()), 'blank': int(blank.sum()),
            'failed_but_fooled_in_logodds': int(np.sum(failed & fooled)),
            'blank_but_fooled_in_logodds': int(np.sum(blank & fooled))}


def reach(steps, last):
    """Successes by the largest step that a doubling search might take.

    A search to 2^k finds what one to `last` finds at 2^k or before, so one
    run tells them all.

    Parameters
    ----------
    steps : (n,) int
        0 where there was no success.
    last : int
        The largest step of the search itself.

    Returns
    -------
    dict of int to int
    """
    return {end: int(np.sum((steps > 0) & (steps <= end)))
            for end in doubled(last)}


def what_the_rule_hides(name, summary):
    """What the published rule hides of a model, in one sentence."""
    counts = summary.hidden
    if not counts['failed']:
        return ('%s: FGS fools every attacked sample by the published rule; '
                'it hides nothing.' % name)
    return (
        '%s: FGS by the published rule fails on %d samples, %d of them for a '
        'loss that rounds to 0. By the log-odds gradient it fools %d of those '
        '%d (%.1f %%), and %.2f %% of all attacked samples instead of '
        '%.2f %%; HC1 fools %.2f %%.' % (
            name, counts['failed'], counts['blank'],
            counts['failed_but_fooled_in_logodds'], counts['failed'],
            100 * counts['failed_but_fooled_in_logodds'] / counts['failed'],
            *(percent(summary.attacks[attack].rate)
              for attack in (FGS[2], FGS[0], HC1))))


def percent(proportion):
    """A `Rate` in per cent; 0 of 0 is 0."""
    return 100 * proportion.count / max(1, proportion.total)
