"""Pictures: what they show, read back from the figure itself."""

import io

import matplotlib.image
import numpy as np
import pytest
from toy_models import random_task

from papers.song.attack_pictures import printed_map
from saliency.attack import attack
from saliency.maps import algorithm3
from saliency.pictures import budget_figure, crafted_figure, film_strip


@pytest.fixture(scope='module')
def crafted():
    model, x, y = random_task(np.random.default_rng(4), 12)
    outcome = attack(model, x, y, np.arange(12), 3, 20)
    keep = np.flatnonzero(outcome.success)[:3]
    saliency = algorithm3(model.gradient(x[keep], y[keep])).priority
    return model, x[keep], y[keep], type(outcome)(
        *(array[keep] for array in outcome)), saliency


def pixels_of(figure):
    stream = io.BytesIO()
    figure.savefig(stream, format='png', dpi=100)
    stream.seek(0)
    return matplotlib.image.imread(stream)


def draw(crafted, saliency, **more):
    _, x, y, outcome, _ = crafted
    return crafted_figure(x, outcome.adversarial, saliency, y,
                          outcome.prediction, outcome.steps, 'digits',
                          **more)


def test_crafted_samples_are_titled_marked_and_named(crafted):
    _, x, y, outcome, saliency = crafted
    figure = draw(crafted, saliency)
    assert figure.texts[0].get_text().startswith('digits:\ncrafted samples')
    rows = np.array(figure.axes).reshape(len(x), 4)
    for k, (left, middle, right, bar) in enumerate(rows):
        assert left.get_title() == 'actual %d' % y[k]
        assert middle.get_title() == 'predicted %d, %d pixel%s' % (
            outcome.prediction[k], outcome.steps[k],
            's' if outcome.steps[k] > 1 else '')
        assert len(middle.patches) == outcome.changed[k]
        largest = np.abs(saliency[k]).max()
        assert bar.get_ylabel() == 'gradient / %.3g' % largest
        np.testing.assert_array_equal(right.images[0].get_array(),
                                      saliency[k].reshape(6, 6) / largest)
    assert pixels_of(figure).shape[1] == 800


def test_subnormal_maps_are_drawn_and_zeros_are_said(crafted):
    saliency = np.zeros((3, 36), np.float32)
    saliency[0, 5], saliency[1] = 1.4e-45, -3e-42
    figure = draw(crafted, saliency)
    rows = np.array(figure.axes).reshape(3, 4)
    assert rows[0, 2].images[0].get_array().max() == 1
    assert rows[1, 2].images[0].get_array().min() == -1
    assert [text.get_text() for text in rows[2, 2].texts] == ['all zero']
    assert not rows[2, 3].axison
    assert np.isfinite(pixels_of(figure)).all()


def test_logarithms_leave_out_pixels_without_effect(crafted):
    logs = np.full((3, 36), -np.inf)
    logs[:2, :4] = [-400., -300., -250., -200.]
    figure = draw(crafted, logs, logarithmic=True, quantity='log10')
    rows = np.array(figure.axes).reshape(3, 4)
    shown = rows[0, 2].images[0]
    assert shown.get_array().count() == 4
    assert shown.get_clim() == (-400., -200.)
    assert rows[2, 2].texts[0].get_text() == 'no effect anywhere'
    assert pixels_of(figure).shape[1] == 800


def test_frames_are_the_images_of_the_run(crafted):
    model, x, y, outcome, _ = crafted
    for k in range(len(x)):
        budgets = np.arange(outcome.steps[k] + 1)
        frames = outcome.frames(k, x[k])
        np.testing.assert_array_equal(frames, outcome.frames(k, x[k],
                                                             budgets))
        np.testing.assert_array_equal(frames[0], x[k])
        np.testing.assert_array_equal(frames[-1], outcome.adversarial[k])
        for budget in budgets[1:]:
            differs = np.flatnonzero(frames[budget] != frames[budget - 1])
            assert set(differs) <= {outcome.order[k][budget - 1]}
        assert np.all(model.predict(frames[:-1]) == y[k])
        assert model.predict(frames[-1:])[0] == outcome.prediction[k]


def test_a_film_strip_titles_each_frame(crafted):
    _, x, y, outcome, _ = crafted
    row, label = np.argmax(outcome.steps), y[np.argmax(outcome.steps)]
    last = outcome.steps[row]
    answers = np.where(np.arange(21) < last, label, (label + 1) % 10)
    figure = film_strip(outcome, row, x[row], answers, 'digits')
    assert figure.texts[0].get_text().startswith('digits:\na crafting run')
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[:2] == ['still %d, 0 pixels' % label,
                          'still %d, 1 pixel' % label]
    assert titles[last] == 'predicted %d, %d pixels' % ((label + 1) % 10,
                                                        last)
    assert pixels_of(figure).shape[1] == 800


def test_budget_curves_and_their_bands():
    figure = budget_figure({'std float32': ([1, 3, 4], 4),
                            'T = 20': ([0, 0, 0], 0)}, 'digits')
    axes, = figure.axes
    assert axes.get_title().startswith('digits')
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [25, 75, 100])
    assert axes.lines[0].get_linestyle() != axes.lines[1].get_linestyle()
    texts = [text.get_text() for text in axes.get_legend().get_texts()]
    assert texts == ['std float32 (n = 4)', 'T = 20 (n = 0)']
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert band.min() == pytest.approx(4.56, abs=0.01)  # wilson(1, 4)
    assert pixels_of(figure).shape[1] == 800


def test_a_printed_map_shows_subnormals_and_every_pixel():
    saliency = np.full((28, 28), -4e-42, np.float32)
    saliency[3, 4] = 8.69376e-38
    lines = printed_map(saliency, 29).split('\n')
    mean = saliency.astype(np.float64).mean()
    assert lines[:4] == ['mean gradient: %.6g' % mean,
                         'max gradient: 8.69376e-38', 'Perturbed: 29', '']
    assert max(map(len, lines)) <= 79
    body = ' '.join(lines[5:])
    assert '...' not in body and body.count('e-') == 784


def test_an_all_zero_map_prints_as_zeros():
    text = printed_map(np.zeros((2, 2)), 100, 'log10 |gradient|')
    assert text.startswith('mean log10 |gradient|: 0\nmax log10 |gradient|: '
                           '0\nPerturbed: 100\n')
