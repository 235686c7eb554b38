"""What the records of a model amount to: a row of BANG's tables, and more.

All is as attack.json has it. Rates are `metrics.proportions.rate`'s. A spread
is a dict of mean and deviation over successes, that of those at hand (divided
by n); NaN, null there, where there is none.
"""

import numpy as np

from attacks.search import doubled
from metrics.proportions import rate
from papers.bang.attack_names import ATTACKS, FGS, HC1


def spread(values):
    """The spread of (n,) numbers."""
    if not len(values):
        return {'mean': np.nan, 'deviation': np.nan}
    return {'mean': float(np.mean(values)),
            'deviation': float(np.std(values))}


def summarise_model(arrays, last):
    """The summary of one model: its accuracy on the samples, its attacks.

    Of arrays (n,) by name, as `attack.attack_block` makes them, and of how far
    HC1 searched, a dict: accuracy (a rate), attacks (by name, see
    `summarise_attack`), hidden and reach (see the functions).
    """
    correct = arrays['clean_prediction'] == arrays['label']  # (n,)
    return {'accuracy': rate(correct.sum(), len(correct)),
            'attacks': {name: summarise_attack(arrays, name, correct)
                        for name in ATTACKS},
            'hidden': hidden(arrays, correct),
            'reach': reach(arrays[HC1 + '/step'], last)}


def summarise_attack(arrays, name, correct):
    """One attack on the correctly classified samples of one model.

    Returns
    -------
    dict
        rate of successes among all of them, as in the paper; blank, how many
        have no direction by the attack's rule; spreads of passed, l_infinity
        and step; unaligned, successes for which ECC did not converge: their
        PASS is the SSIM of the images as they are.
    """
    columns = {column: arrays['%s/%s' % (name, column)][correct]
               for column in ('success', 'blank', 'aligned', 'pass',
                              'l_infinity', 'step')}
    fooled = columns['success']
    return {'rate': rate(fooled.sum(), correct.sum()),
            'blank': int(columns['blank'].sum()),
            'passed': spread(columns['pass'][fooled]),
            'unaligned': int(np.sum(fooled & ~columns['aligned'])),
            'l_infinity': spread(columns['l_infinity'][fooled]),
            'step': spread(columns['step'][fooled])}


def hidden(arrays, correct):
    """What the published rule of FGS hides: a dict of str to int.

    Samples on which FGS fails by it, those of them that are blank, and those
    of the failures and of the blanks that it fools by the log-odds gradient.
    """
    published, _, log_odds = FGS
    failed = correct & ~arrays[published + '/success']
    blank = correct & arrays[published + '/blank']
    fooled = arrays[log_odds + '/success']
    return {'failed': int(failed.sum()), 'blank': int(blank.sum()),
            'failed_but_fooled_in_logodds': int(np.sum(failed & fooled)),
            'blank_but_fooled_in_logodds': int(np.sum(blank & fooled))}


def reach(steps, last):
    """HC1's successes by how far its search might have gone.

    That is 1, 2, 4, ... grey levels, up to `last`, how far it went: a search
    to 2^k finds what one to `last` finds at 2^k or before, so one run tells
    them all. A dict of int to int; the steps, (n,) int, are 0 where there was
    no success.
    """
    return {end: int(np.sum((steps > 0) & (steps <= end)))
            for end in doubled(last)}


def what_the_rule_hides(name, summary):
    """What the published rule hides of a model, in one sentence."""
    counts = summary['hidden']
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
            *(percent(summary['attacks'][attack]['rate'])
              for attack in (FGS[2], FGS[0], HC1))))


def percent(proportion):
    """A rate in per cent; 0 of 0 is 0."""
    return 100 * proportion['count'] / max(1, proportion['total'])
