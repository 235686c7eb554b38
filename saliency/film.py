"""One crafting run, frame by frame."""

import numpy as np

from plotting import Figure, verbatim
from saliency.pictures import FRAMES, answer, draw_image, mark_changes


def film_strip(frames, budgets, predictions, label, dataset):
    """Draw some frames of one crafting run.

    Parameters
    ----------
    frames : (f, 1, h, w) float in [0, 1]
        Of `frames_of_run`; changes are framed against the first.
    budgets, predictions : (f,) int
        Pixels overwritten in each frame, the model's answer to it.
    label : int
    dataset : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    columns = min(len(frames), 5)
    rows = -(-len(frames) // columns)
    figure = Figure(figsize=(8, 1.9 * rows + 0.6), layout='constrained')
    figure.suptitle('%s:\na crafting run, actual %d (%s)'
                    % (verbatim(dataset), label, FRAMES))
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for k, frame in enumerate(frames):
        draw_image(axes[k], frame[0])
        mark_changes(axes[k], frames[0, 0], frame[0])
        axes[k].set_title(answer(label, predictions[k], budgets[k]),
                          fontsize='medium')
    for unused in axes[len(frames):]:
        unused.set_axis_off()
    return figure


def frames_of_run(original, adversarial, order, budgets):
    """The images of one run after some of its steps.

    Parameters
    ----------
    original, adversarial : (1, h, w) float
    order : (limit,) int
        Pixels overwritten in turn, then -1.
    budgets : sequence of f int
        0 for the original.

    Returns
    -------
    (f, 1, h, w) float
    """
    frames = np.repeat(original[None], len(budgets), axis=0)
    flat = frames.reshape(len(frames), -1)  # (f, P), a view
    for frame, budget in zip(flat, budgets):
        used = order[:budget][order[:budget] >= 0]
        frame[used] = adversarial.ravel()[used]
    return frames
