"""The numbers of a run, as JSON for machines and as text for the reader."""

from papers.song.verdict import verdict, wrapped
from saliency.summary import compare, curve_warnings, summarise, table
from storage.atomic import json_ready

#: Per-sample numbers that go into the JSON, beside those derived.
RECORDED = ('label', 'clean_prediction', 'margin', 'log_odds',
            'log10_max_gradient', 'max_gradient', 'mean_gradient', 'nonzero',
            'all_zero', 'success', 'steps', 'changed', 'prediction')


def assess(outcomes, algorithm, limit, pixels, dataset, device='cpu'):
    """Everything that a run's records amount to.

    Parameters
    ----------
    outcomes : dict of (model, arithmetic) to saliency.outcome.Outcome
    algorithm, limit : int
    pixels : int
        Of an image.
    dataset, device : str

    Returns
    -------
    numbers : dict
        JSON-ready.
    text : str
        Table and verdict, lines of at most 79 columns.
    """
    titled = {title(key): outcome for key, outcome in outcomes.items()}
    summaries = summarise(titled)
    comparisons = comparable(outcomes, compare(titled))
    warnings = {key: curve_warnings(
        outcome.curve, int(outcome.clean_correct.sum()), pixels)
        for key, outcome in outcomes.items()}
    counts, words = verdict(outcomes, algorithm, limit, device)
    numbers = {
        'attacks': [{
            'model': key[0], 'arithmetic': key[1],
            'summary': json_ready(summaries[title(key)]),
            'curve': outcome.curve.tolist(), 'warnings': warnings[key],
            'samples': {name: json_ready(getattr(outcome, name))
                        for name in RECORDED}}
            for key, outcome in outcomes.items()],
        'comparisons': [json_ready(pair) for pair in comparisons],
        'verdict': {'counts': counts, 'words': words}}
    text = '%s\n\nVerdict\n%s' % (
        table(summaries, comparisons, dataset,
              ['%s: %s' % (title(key), line)
               for key, lines in warnings.items() for line in lines]),
        wrapped(words))
    return numbers, text


def title(key):
    """'std-T20, float32' of (model, arithmetic)."""
    return '%s, %s' % key


def comparable(outcomes, comparisons):
    """Only pairs that differ in the model or the arithmetic, not in both."""
    key_of = {title(key): key for key in outcomes}
    return [pair for pair in comparisons if any(
        one == two for one, two in zip(key_of[pair.first],
                                       key_of[pair.second]))]
