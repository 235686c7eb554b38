"""What of a model's robustness is arithmetic: counts first, then words.

A sample that floating point fails to fool is put down to arithmetic only
where both hold: the map was damaged, that is all zero, or formed after
1 - p_y, or for Algorithms 2 and 4 the loss, had rounded to 0
(`saliency.arithmetic`, failure (b)); and the same algorithm within the same
budget fools the sample in log-odds. Losses of precision short of that, which
begin some ten nats earlier, count as intact.
"""

import textwrap

import numpy as np

from saliency.summary import jointly_correct

KINDS = ('all-zero', 'cancelled', 'intact')


def cancels_below(arithmetic, algorithm, device='cpu'):
    """The log-odds u below which 1 + exp(u) rounds to 1.

    That is log(eps / 2) of the type that holds the sum. Theano's code for
    the CPU holds that of a float32 loss, which Algorithms 2 and 4 ask for,
    in double (docs/song.md, deviation 18).
    """
    double = algorithm in (2, 4) and device == 'cpu'
    return float(np.log(np.finfo('float64' if double else arithmetic).eps
                        / 2))


def count_failures(floating, exact, arithmetic, limit):
    """Failures in floating point by the state of their maps.

    Of one model's Outcomes by one algorithm on the same samples, in floating
    point, 'float32' or 'float64', and in log-odds; the limit is that of
    `cancels_below`.

    Returns
    -------
    dict
        attacked (correctly classified in both), fooled (in floating
        point), failed and fooled in log-odds by kind of map, only_floating
        (fooled in floating point and not in log-odds), remaining (fooled
        in neither).
    """
    both = jointly_correct({arithmetic: floating, 'logodds': exact})
    failed = both & ~floating.success
    damaged = exact.log_odds < limit
    kinds = dict(zip(KINDS, (floating.all_zero,
                             ~floating.all_zero & damaged,
                             ~floating.all_zero & ~damaged)))

    def counted(samples):
        return {name: int(np.sum(samples & kind))
                for name, kind in kinds.items()}

    return {'attacked': int(both.sum()),
            'fooled': int(np.sum(both & floating.success)),
            'failed': counted(failed),
            'failed_but_fooled_in_logodds': counted(failed & exact.success),
            'only_floating': int(np.sum(both & floating.success
                                        & ~exact.success)),
            'remaining': int(np.sum(failed & ~exact.success))}


def verdict(outcomes, algorithm, limit, device='cpu'):
    """Counts and sentences for every model, as two lists.

    `count_failures`, with model and arithmetic, of the outcomes of
    `attack_campaign.assess`; the same in paragraphs.
    """
    counts, words = [], []
    for (model, arithmetic), outcome in outcomes.items():
        exact = outcomes.get((model, 'logodds'))
        if arithmetic == 'logodds':
            continue
        if exact is None:
            words.append('%s, %s: without log-odds (--arithmetic logodds) '
                         'nothing can be said of what its arithmetic hides.'
                         % (model, arithmetic))
            continue
        lost = cancels_below(arithmetic, algorithm, device)
        numbers = dict(count_failures(outcome, exact, arithmetic, lost),
                       cancels_below=lost)
        counts.append(dict(model=model, arithmetic=arithmetic, **numbers))
        words.append(paragraph(model, arithmetic, numbers, algorithm,
                               limit))
    return counts, words + between_models(outcomes)


def paragraph(model, arithmetic, numbers, algorithm, limit):
    """One model in one floating point, in words."""
    name = '%s, %s' % (model, arithmetic)
    attack = 'Algorithm %d within %d pixels' % (algorithm, limit)
    total = sum(numbers['failed'].values())
    if not total:
        return ('%s: %s fools all %d samples attacked; there is no '
                'robustness to explain.' % (name, attack,
                                            numbers['attacked']))
    fooled = '%s: %s fools %d of %d samples attacked and fails on %d' % (
        name, attack, numbers['fooled'], numbers['attacked'], total)
    found = numbers['failed_but_fooled_in_logodds']
    if numbers['failed']['intact'] == total:
        fooled += (', all with intact maps: none of the failures is put down '
                   'to arithmetic. In log-odds it fools %d of them.'
                   % found['intact'])
    else:
        fooled += states_of_maps(numbers, total, algorithm) + (
            ' So %s of the failures are put down to arithmetic; %s remain: '
            'fooled in neither, that is robust to this algorithm within this '
            'budget, which says nothing of other attacks.' % (
                share(found['all-zero'] + found['cancelled'], total),
                share(numbers['remaining'], total)))
    if numbers['only_floating']:
        fooled += (' Fooled in floating point and not in log-odds: %d.'
                   % numbers['only_floating'])
    return fooled


def states_of_maps(numbers, total, algorithm):
    """What maps the failures had, and how many log-odds fools of each."""
    failed = numbers['failed']
    return (
        '. Of these, %s had an all-zero map, which picks pixels in reading '
        'order, %s a map that is not zero but was formed after %s had '
        'rounded to 0 (log-odds below %.1f), %s an intact map. In log-odds '
        'the same algorithm and budget fool %d, %d and %d of them.' % (
            share(failed['all-zero'], total),
            share(failed['cancelled'], total),
            '1 - p_y' if algorithm in (1, 3) else 'the loss',
            numbers['cancels_below'], share(failed['intact'], total),
            *(numbers['failed_but_fooled_in_logodds'][kind]
              for kind in KINDS)))


def between_models(outcomes):
    """Each model's failures less the first model's, in every arithmetic."""
    models = list(dict.fromkeys(model for model, _ in outcomes))
    arithmetics = list(dict.fromkeys(name for _, name in outcomes))
    joint = jointly_correct(outcomes)
    if not joint.any():
        return []
    rate = {key: 100 * np.mean(~outcome.success[joint])
            for key, outcome in outcomes.items()}
    return [
        'Failures of %s less those of %s, in points of the %d samples that '
        'all models classify correctly: %s.' % (
            model, models[0], joint.sum(), ', '.join(
                '%s %+.2f' % (name, rate[model, name]
                              - rate[models[0], name])
                for name in arithmetics)) for model in models[1:]]


def share(count, total):
    """'7 (12.50 %)', of no trials '0'."""
    return '%d (%.2f %%)' % (count, 100 * count / total) if total else '0'


def wrapped(paragraphs):
    """Paragraphs as lines of at most 79 columns."""
    return '\n'.join(textwrap.fill(text, 79, subsequent_indent='  ')
                     for text in paragraphs)
