"""What attacks on the same samples amount to: numbers, and their table.

A rate is worth little without what it is a rate of: every one comes with
its count, its denominator, its Wilson interval and the all-zero maps among
the samples it speaks of. All is as attack.json has it.
"""

import numpy as np

from errors import UserError
from metrics.proportions import mcnemar, rate

ROW = '%-15s %11s %8s  %-16s  %s'
HEAD = ROW % ('success of', 'count', 'rate', '95 % interval', 'all-zero maps')


def summarise(outcomes):
    """Each attack's rates, and pixels over successes; dicts by name.

    rates are by denominator, 'correct for all' is what all classify well, with
    count and total, low and high of the Wilson interval, and how many of those
    attacked, in a rate of all of them too, had an all-zero map;
    steps are pixels overwritten, the paper's count, and changed those of them
    whose value really differs: median, mean and quartiles, NaN where there is
    no success.

    Of Outcomes by name of model and arithmetic; a UserError if their samples
    or labels differ.
    """
    joint = jointly_correct(outcomes)  # (n,)
    return {name: {
        'rates': {'all': _rate(outcome, np.ones(len(joint), bool)),
                  'correct': _rate(outcome, outcome.clean_correct),
                  'correct for all': _rate(outcome, joint)},
        'steps': _pixels(outcome.steps[outcome.success]),
        'changed': _pixels(outcome.changed[outcome.success])}
        for name, outcome in outcomes.items()}


def compare(outcomes):
    """Exact McNemar tests of all pairs of attacks, in the order given.

    A list of dict: first, second, test, and the total of samples that all
    models classify correctly, which alone take part.
    """
    joint = jointly_correct(outcomes)  # (n,)
    names = list(outcomes)
    return [{'first': first, 'second': second, 'total': int(joint.sum()),
             'test': mcnemar(outcomes[first].success[joint],
                             outcomes[second].success[joint])}
            for k, first in enumerate(names) for second in names[k + 1:]]


def jointly_correct(outcomes):
    """Samples correct for every model, (n,) bool; checks that they match."""
    reference_name, reference = next(iter(outcomes.items()))
    for name, outcome in outcomes.items():
        if not (np.array_equal(outcome.index, reference.index)
                and np.array_equal(outcome.label, reference.label)):
            raise UserError('%s and %s attacked different samples: expected '
                            'the same test indices and labels in the same '
                            'order' % (reference_name, name))
    return np.all([outcome.clean_correct for outcome in outcomes.values()],
                  axis=0)


def curve_warnings(curve, attacked, pixels):
    """What is wrong with successes against budget, in words.

    After Carlini et al. (2019), "On evaluating adversarial robustness":
    success grows with the budget and is all but certain without one.

    The curve, (limit,) int, are successes within 1..limit pixels, of so many
    attacked. With a limit of all pixels of an image there is no budget, and
    an attack that works fools (nearly) every sample.
    """
    curve = np.asarray(curve)
    warnings = []
    falls = np.flatnonzero(np.diff(curve) < 0)
    if len(falls):
        k = falls[0]
        warnings.append(
            'success falls from %d to %d of %d between budgets of %d and %d '
            'pixels, which no attack can do: the data are damaged'
            % (curve[k], curve[k + 1], attacked, k + 1, k + 2))
    if len(curve) == pixels and attacked and curve[-1] < 0.99 * attacked:
        warnings.append(
            'without a budget only %d of %d samples (%.2f %%) are fooled, '
            'under 99 %%: suspect the attack, not the model\'s robustness'
            % (curve[-1], attacked, 100 * curve[-1] / attacked))
    return warnings


def table(summaries, comparisons=(), dataset='', warnings=()):
    """Rates, pixels, paired tests and warnings in at most 79 columns.

    As `summarise`, `compare` and `curve_warnings` give them. The first line
    names the data set, so that none passes for another.
    """
    lines = ['Samples of %s' % dataset] if dataset else []
    for name, summary in summaries.items():
        lines += [name, '  ' + HEAD]
        lines += ['  ' + _rate_line(*item)
                  for item in summary['rates'].items()]
        lines += ['  ' + _pixels_line('pixels ' + word, summary[of])
                  for word, of in (('overwritten', 'steps'),
                                   ('changed', 'changed'))]
    if comparisons:
        lines.append('Exact McNemar on the %d samples correct for all'
                     % comparisons[0]['total'])
        for pair in comparisons:
            lines += ['  %s against %s' % (pair['first'], pair['second']),
                      '    only the first %d, only the second %d, p = %.3g'
                      % pair['test']]
    lines += ['Warning: %s' % warning for warning in warnings]
    return '\n'.join(lines)


def _rate(outcome, group):
    return dict(rate(np.sum(outcome.success[group]), np.sum(group)),
                all_zero=int(np.sum(outcome.all_zero[group])),
                attacked=int(np.sum(outcome.clean_correct[group])))


def _pixels(values):
    found = (np.nan,) * 4
    if len(values):
        lower, median, upper = np.percentile(values, (25, 50, 75))
        found = map(float, (median, np.mean(values), lower, upper))
    return dict(zip(('median', 'mean', 'lower', 'upper'), found))


def _rate_line(denominator, rate):
    return ROW % (
        denominator, '%d/%d' % (rate['count'], rate['total']),
        _percent(rate['count'], rate['total']),
        '%.2f..%.2f %%' % (100 * rate['low'], 100 * rate['high']),
        '%d/%d %s' % (rate['all_zero'], rate['attacked'],
                      _percent(rate['all_zero'], rate['attacked'])))


def _percent(count, total):
    return '%.2f %%' % (100 * count / total) if total else '-'


def _pixels_line(title, pixels):
    if pixels['mean'] != pixels['mean']:
        return '%-18s no success' % title
    return '%-18s median %.1f, mean %.2f, IQR %.1f..%.1f' % (
        title, *pixels.values())
