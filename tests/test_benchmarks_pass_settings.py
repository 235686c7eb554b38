"""The comparison of ways to align scores the same pairs in each of them."""

import numpy as np

from benchmarks.pass_settings import scored
from metrics.pass_score import pass_scores, similarity


def test_every_way_scores_all_pairs():
    generator = np.random.RandomState(0)
    original = np.zeros((3, 1, 28, 28), np.uint8)
    original[:, :, 8:20, 8:20] = generator.randint(50, 256, (3, 1, 12, 12))
    adversarial = np.roll(original, 1, axis=3)
    there, back, none = scored(adversarial, original, 1)
    assert none['mean'] == np.mean([
        similarity(*pair) for pair in zip(adversarial, original)])
    assert none['unaligned'] == none['count'] == 3
    for row, moved in ((there, 'adversarial'), (back, 'original')):
        passes = pass_scores(adversarial, original, moved=moved)
        assert row['moved'] == moved
        assert row['mean'] == passes.score.mean()
        assert row['deviation'] == passes.score.std()
        assert row['unaligned'] == np.sum(~passes.aligned)


def test_no_successes_make_no_rows():
    nothing = np.zeros((0, 1, 28, 28), np.uint8)
    assert not list(scored(nothing, nothing, 1))
