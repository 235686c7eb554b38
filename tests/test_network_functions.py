"""The training step: objective, gradient and Nesterov update."""

import network_twin as twin
import numpy as np
import pytest
from test_song_network import images, randomise_biases

from network.functions import outputs_of
from papers.song.network import build_network, parameters
from papers.song.training import training_step

RATE, MOMENTUM, PENALTY, TEMPERATURE = 0.1, 0.5, 0.01, 20.


@pytest.fixture(scope='module', params=['labels', 'distributions'])
def setting(request):
    """A compiled step, its network, and a batch with targets."""
    soft = request.param == 'distributions'
    network = build_network(np.random.RandomState(3), TEMPERATURE)
    randomise_biases(network, np.random.RandomState(4))
    step = training_step(network, RATE, MOMENTUM, PENALTY, soft=soft)
    generator = np.random.RandomState(6)
    targets = (twin.softmax(generator.randn(4, 10), 1.) if soft
               else generator.randint(0, 10, 4).astype(np.int32))
    return network, step, images(4), targets


@pytest.fixture
def restored(setting):
    """The setting, as it was at first, before and after the test."""
    step = setting[1]
    kept = [(shared, shared.get_value()) for kind in
            (step.parameters, step.velocities, step.generators)
            for shared in kind]
    yield setting
    restore(kept)


def restore(kept):
    for shared, value in kept:
        shared.set_value(value)


def values(variables):
    return [variable.get_value() for variable in variables]


@pytest.mark.compiled
def test_objective_is_cross_entropy_plus_the_last_layers_penalty(restored):
    network, step, batch, targets = restored
    weights = network.logits.W.get_value()
    objective, cross_entropy = step.update(batch, targets)
    assert objective - cross_entropy == pytest.approx(
        PENALTY * np.sum(weights ** 2), rel=1e-12)


@pytest.mark.compiled
def test_cross_entropy_is_that_of_softmax_at_the_training_temperature(
        restored):
    network, step, batch, targets = restored
    # With W = 0 the logits are the biases, whatever the dropout leaves out.
    network.logits.W.set_value(np.zeros((200, 10)))
    biases = network.logits.b.get_value()
    soft = twin.softmax(biases[np.newaxis], TEMPERATURE)      # (1, 10)
    onehot = np.eye(10)[targets] if targets.ndim == 1 else targets
    expected = -np.mean(np.sum(onehot * np.log(soft), axis=1))
    assert step.update(batch, targets)[1] == pytest.approx(expected,
                                                           rel=1e-12)


@pytest.mark.compiled
def test_gradient_is_that_of_the_objective_by_finite_differences(restored):
    network, step, batch, targets = restored
    kept = [(shared, shared.get_value()) for kind in
            (step.parameters, step.velocities, step.generators)
            for shared in kind]
    step.update(batch, targets)
    # From rest, a velocity is -rate times the gradient.
    gradients = [-velocity / RATE for velocity in values(step.velocities)]
    generator = np.random.RandomState(8)
    for (shared, start), gradient in zip(kept, gradients):
        flat = np.argsort(-np.abs(gradient), axis=None)
        for place in flat[generator.randint(0, 1 + flat.size // 4, 3)]:
            slope = central_difference(kept, shared, start, place, step,
                                       batch, targets)
            assert slope == pytest.approx(gradient.flat[place], rel=1e-4,
                                          abs=1e-9), shared.name


def central_difference(kept, shared, start, place, step, batch, targets,
                       size=1e-6):
    """Slope of the objective, the dropout drawing the same masks."""
    objectives = []
    for sign in (1, -1):
        restore(kept)
        moved = start.copy()
        moved.flat[place] += sign * size
        shared.set_value(moved)
        objectives.append(float(step.update(batch, targets)[0]))
    return (objectives[0] - objectives[1]) / (2 * size)


@pytest.mark.compiled
def test_updates_are_nesterovs(restored):
    _, step, batch, targets = restored
    before = values(step.parameters)
    velocity = [np.zeros_like(value) for value in before]
    for _ in range(3):
        step.update(batch, targets)
        after, moved = values(step.parameters), values(step.velocities)
        for p0, p1, v0, v1 in zip(before, after, velocity, moved):
            downhill = v1 - MOMENTUM * v0           # -rate * gradient
            np.testing.assert_allclose(p1, p0 + MOMENTUM * v1 + downhill,
                                       rtol=1e-12, atol=1e-15)
        before, velocity = after, moved


@pytest.mark.compiled
def test_the_step_names_all_state_that_it_changes(restored):
    network, step, batch, targets = restored
    assert step.parameters == parameters(network)
    assert len(step.velocities) == 14
    assert len(step.generators) == 3
    old = values(step.generators)
    step.update(batch, targets)
    for before, after in zip(old, values(step.generators)):
        assert (before != after).any()


@pytest.mark.parametrize('batch', [1, 3, 7, 100])
def test_batches_change_nothing(batch):
    pictures = np.arange(7, dtype=np.uint8).reshape(7, 1, 1, 1)

    def double(scaled):
        return 2 * scaled[:, 0, 0]

    found = outputs_of(double, pictures, lambda x, dtype: x.astype(dtype),
                       batch)
    np.testing.assert_array_equal(found, 2. * np.arange(7)[:, np.newaxis])
