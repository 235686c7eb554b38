"""Measurements of several seeds as one: mean, spread, interval."""

import numpy as np

from metrics.proportions import rate

NORMAL = 1.96   # standard deviations to each side hold 95 %


def pool(per_seed):
    """Sum up one value a seed.

    Parameters
    ----------
    per_seed : list of dict
        seed and value; count and total where the value is their quotient;
        `spread`, an array, where it is the median of that; `deviation` and
        `samples` where it is a mean of so many.

    Returns
    -------
    dict or None
        per_seed, mean and sd (None with one seed) of the values; low and
        high, the Wilson 95 % interval of the pooled counts, the quantiles
        2.5 and 97.5 % of the pooled spread, or the normal 95 % interval of
        the mean; count and total, or samples. None without any seed.
    """
    if not per_seed:
        return None
    values = [seed['value'] for seed in per_seed]
    known = None not in values
    pooled = {'mean': float(np.mean(values)) if known else None,
              'sd': (float(np.std(values, ddof=1))
                     if known and len(values) > 1 else None),
              'low': None, 'high': None}
    if 'total' in per_seed[0]:
        pooled.update(together(per_seed))
    if 'spread' in per_seed[0]:
        spread = np.concatenate([seed['spread'] for seed in per_seed])
        pooled['low'], pooled['high'] = map(
            float, np.percentile(spread, (2.5, 97.5)))
        pooled['samples'] = len(spread)
    if 'deviation' in per_seed[0]:
        pooled['samples'] = sum(seed['samples'] for seed in per_seed)
        if known:
            reach = NORMAL * np.sqrt(sum(
                seed['deviation'] ** 2 / seed['samples']
                for seed in per_seed)) / len(per_seed)
            pooled['low'] = pooled['mean'] - float(reach)
            pooled['high'] = pooled['mean'] + float(reach)
    pooled['per_seed'] = [{key: seed[key] for key in seed if key != 'spread'}
                          for seed in per_seed]
    return pooled


def together(shares):
    """Counts out of totals as one: see `metrics.proportions.rate`."""
    return rate(*(sum(share[name] for share in shares)
                  for name in ('count', 'total')))


def accuracies(trainings, model, part='test'):
    """Of a part, one a seed, of the finished trainings of a model."""
    return [{'seed': about['seed'], 'value': run[part]['accuracy'],
             'count': run[part]['correct'],
             'total': run[part]['samples']}
            for about, run in trainings
            if about['kind'] == 'model' and about['model'] == model
            and 'test' in run and part in run]     # else it learnt nothing


def tested(run):
    """What a run.json says of the test set; null where it learnt nothing."""
    test = run.get('test') or {}
    return dict({'status': run['status']}, **{
        name: test.get(name) for name in ('accuracy', 'correct', 'samples',
                                          'wilson_95')})


def quotient(seed, count, total):
    """One seed's share, None of nothing, as `pool` takes it."""
    return {'seed': seed, 'value': count / total if total else None,
            'count': count, 'total': total}


def quantiles(values):
    """Five quantiles of the finite values, and how many there are."""
    values = np.array([value for value in values if value is not None],
                      float)
    values = values[np.isfinite(values)]
    if not len(values):
        return {'samples': 0}
    found = np.percentile(values, (5, 25, 50, 75, 95))
    return dict(zip(('q05', 'q25', 'q50', 'q75', 'q95'),
                    map(float, found)), samples=len(values))
