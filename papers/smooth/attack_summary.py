"""What the records of a model amount to, and in words.

All is as attack.json has it. Rates are `metrics.proportions.rate`'s; lists
have an entry a ratio, weak to strong, None where an attack was not run.
"""

import numpy as np

from metrics.proportions import rate, share
from metrics.strengths import accuracies, cumulative, recovered
from papers.smooth.attack_names import (
    ATTACKS,
    LOG_ODDS,
    PGD,
    PREDICTED,
    STRONG,
    TRUE,
    WEAK,
)


def summarise_model(parts, plan):
    """One model, of its records by arithmetic: a dict.

    arithmetics (see `summarise_records`), worst (by arithmetic, see
    `survivors`) and saturated, images whose loss has a gradient of exactly
    0, by arithmetic.
    """
    return {'arithmetics': {name: summarise_records(arrays, plan)
                            for name, arrays in parts.items()},
            'worst': {name: accuracies(survivors(arrays, plan))
                      for name, arrays in parts.items()},
            'saturated': {name: int(arrays['saturated'].sum())
                          for name, arrays in parts.items()}}


def summarise_records(arrays, plan):
    """Of one arithmetic: clean (a rate), attacks (by name, `summarise`)."""
    right = arrays['clean_prediction'] == arrays['label']
    return {'clean': rate(right.sum(), len(right)), 'attacks': {
        name: summarise(arrays, name, plan) for name in names(arrays)}}


def names(arrays):
    """Those of the attacks that were run, in the order of tables."""
    return [name for name in ATTACKS.values()
            if name + '/prediction' in arrays]


def ratios_of(name, plan):
    """The signal-to-noise ratios of an attack."""
    return plan['pgd_snr'] if name in PGD else plan['snr']


def correct(arrays, name):
    """Whether images are classified rightly at each strength, (n, k)."""
    return arrays[name + '/prediction'] == arrays['label'][:, None]


def summarise(arrays, name, plan):
    """One attack.

    Returns
    -------
    dict
        accuracy and cumulative: lists of rates, the latter of what is right
        at all weaker strengths, too; recovered: the rate of what is wrong at
        50 dB and right at 33, None unless both were run; blank: images
        without a direction at the strongest; snr_after: mean dB after
        cutting, of images that were moved.
    """
    right, ratios = correct(arrays, name), ratios_of(name, plan)
    after = arrays[name + '/snr']
    finite = np.isfinite(after)
    means = [float(values[kept].mean()) if kept.any() else None
             for values, kept in zip(after.T, finite.T)]
    return {
        'accuracy': spread(accuracies(right), ratios, plan),
        'cumulative': spread(accuracies(cumulative(right, ratios)), ratios,
                             plan),
        'recovered': recovered(right, ratios, WEAK, STRONG)
        if WEAK in ratios and STRONG in ratios else None,
        'blank': int(arrays[name + '/blank'][:, -1].sum()),
        'snr_after': spread(means, ratios, plan)}


def spread(values, ratios, plan):
    """Values of some ratios as a list of all, None elsewhere."""
    known = dict(zip(ratios, values))
    return [known.get(ratio) for ratio in plan['snr']]


def survivors(arrays, plan):
    """Right at this strength and every weaker one, whatever the attack.

    (n, k) bool, of all ratios; right without an attack, too.
    """
    left = np.tile((arrays['clean_prediction'] == arrays['label'])[:, None],
                   len(plan['snr']))
    for name in names(arrays):
        right, ratios = correct(arrays, name), ratios_of(name, plan)
        for place, ratio in enumerate(ratios):
            reached = np.array(plan['snr']) <= ratio
            left &= right[:, place:place + 1] | ~reached
    return left


def verdict(summary, plan):
    """What accuracy under FGSM is made of, at 33 dB or the strongest ratio.

    Rates side by side: a single step, all attacks, the log-odds, the
    predicted label, and what is right again at the stronger attack.
    """
    place = plan['snr'].index(STRONG) if STRONG in plan['snr'] else -1
    found = summary['arithmetics']['float32']['attacks']
    if TRUE not in found:
        return 'without FGSM with the true label there is nothing to judge.'
    single = found[TRUE]['accuracy'][place]
    worst = summary['worst']['float32'][place]
    words = ['at %g dB FGSM leaves %s right, all attacks together %s' % (
        plan['snr'][place], percent(single), percent(worst))]
    exact = summary['arithmetics'].get('float64', {}).get('attacks', {})
    for where, attacks in (('float64', exact), ('float32', found)):
        if LOG_ODDS in attacks:
            words.append(arithmetic(single, attacks[LOG_ODDS]['accuracy'][
                place], where, summary['saturated']['float32']))
            break
    words += leaking(found, place)
    return '; '.join(words) + '.'


def arithmetic(single, exact, where, saturated):
    """What a direction that cannot round to 0 takes away."""
    return 'arithmetic hides %.2f points (log-odds in %s; %d images have a ' \
        'loss whose gradient is 0)' % (100 * (share(single) - share(exact)),
                                       where, saturated)


def leaking(found, place):
    """Whether the true label is given away, or accuracy rises with strength.
    """
    words = []
    if PREDICTED in found:
        words.append('with the predicted label instead of the true one it '
                     'leaves %s' % percent(found[PREDICTED]['accuracy'][
                         place]))
    again = found[TRUE]['recovered']
    if again:
        words.append('%d of %d images are wrong at %g dB and right at %g '
                     '(%.2f %%, at most %.2f)' % (
                         again['count'], again['total'], WEAK, STRONG,
                         100 * share(again), 100 * again['high']))
    return words


def percent(found):
    """'62.35 % (61.5 to 63.2)'."""
    return '%.2f %% (%.2f to %.2f)' % (
        100 * share(found), 100 * found['low'], 100 * found['high'])
