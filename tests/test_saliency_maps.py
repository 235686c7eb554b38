"""What is asked of the model for a map, and what ranks near-equal pixels."""

import numpy as np
import pytest
from toy_models import random_task

from saliency.callables import Callables
from saliency.crafting import craft
from saliency.maps import SaliencyMap, algorithm2, algorithm2_script, probe


def watched(function, seen):
    def answer(images, *labels):
        seen.append(images.copy())
        return function(images, *labels)
    return answer


def test_probes_are_single_pixels_that_can_change_and_may_be_used():
    rng = np.random.default_rng(0)
    x = rng.choice([0., 0.25, 1.], (3, 1, 4, 4))
    unused = rng.random((3, 16)) < 0.7
    weights = rng.normal(size=(3, 16))

    def logits(images):
        return images.reshape(-1, 16) @ weights.T  # (b, 3)

    def own(z, labels):
        return z[np.arange(len(z)), labels]

    y, seen = np.array([2, 0, 1]), []
    model = of_log_odds(None)._replace(logits=watched(logits, seen))
    before, after = probe(model, own, x, y, (0, 1), 5, unused)
    np.testing.assert_allclose(before[:, 0], own(logits(x), y))
    for value in (0, 1):
        for n in range(3):
            for k in range(16):
                image = x[n].copy()
                if unused[n, k]:
                    image.flat[k] = value
                assert after[value][n, k] == pytest.approx(
                    own(logits(image[None]), y[n:n + 1])[0], abs=1e-12)
    sent = np.concatenate(seen)
    assert len(sent) == 3 + sum(
        np.sum(unused & (x.reshape(3, 16) != value)) for value in (0, 1))
    assert [len(images) for images in seen[:-1]] == [5] * (len(seen) - 1)


def of_log_odds(log_odds):
    """Callables of which the log-odds may be asked, and nothing else."""
    return Callables(lambda x: x.reshape(len(x), -1), None, None, log_odds,
                     None, np.dtype(float))


def test_falls_too_deep_for_their_size_are_ranked_by_depth():
    # Every pixel starts at 1/2; := 1 and := 0 lower u by this much.
    by_one, by_zero = np.array([90., 500., 80.]), np.array([70., 300., 200.])

    def log_odds(flat, y):
        return -860. - np.sum((flat == 1) * by_one + (flat == 0) * by_zero,
                              axis=1)

    x, y = np.full((1, 1, 1, 3), 0.5), np.array([0])
    saliency = algorithm2(of_log_odds(log_odds), x, y, log_odds=True)
    assert set(saliency.priority[0]) == {-860.}
    assert list(saliency.value[0]) == [1, 1, 0]
    assert list(saliency.order[0]) == [1, 2, 0]


def test_a_tie_of_both_changes_is_settled_by_the_second_test():
    def log_odds(flat, y):
        return -3 + np.sum(np.abs(flat - 0.5), axis=1)

    x, y = np.full((1, 1, 2, 2), 0.5), np.array([0])
    model = of_log_odds(log_odds)._replace(loss_of=log_odds)
    for in_log_odds in (False, True):
        saliency = algorithm2(model, x, y, in_log_odds)
        assert not saliency.value.any()
        assert list(saliency.order[0]) == [0, 1, 2, 3]


def test_the_scripts_log_odds_have_the_order_of_its_losses():
    model, x, y = random_task(np.random.default_rng(3), scale=1.)
    np.testing.assert_array_equal(
        algorithm2_script(model, x, y, log_odds=True).order,
        algorithm2_script(model, x, y).order)


def test_zero_and_no_effect_are_counted_as_such():
    priority = np.array([[0., -1e-320, 2.], [-np.inf, 0., -900.]])
    value = np.ones((2, 3))
    assert list(SaliencyMap(priority, value).nonzero) == [2, 2]
    assert list(SaliencyMap(priority, value, -np.inf).nonzero) == [3, 2]


@pytest.mark.parametrize('batch', [7, 1024])
def test_every_budget_of_a_stubborn_model_is_asked_once(batch):
    seen = []
    model = Callables(
        watched(lambda x: np.ones((len(x), 1)), seen), None, None, None,
        None, np.dtype(float))
    x = np.random.default_rng(0).random((3, 1, 5, 5))
    saliency = SaliencyMap(x.reshape(3, 25), np.ones((3, 25)))
    crafted = craft(model, x, np.zeros(3, int), np.arange(3), saliency, 24,
                    batch=batch)
    sent = np.concatenate(seen)
    assert len(sent) == len(np.unique(sent, axis=0)) == 3 * 24
    assert max(map(len, seen)) <= batch
    assert not crafted['success'].any()
    assert np.all(crafted['steps'] == 24)
