"""Algorithm 4: the map is rebuilt after every overwritten pixel.

Many samples advance together, one pixel a step, and a fooled one leaves.
The maps see only pixels not yet used, so a step costs less than the last.
"""

import numpy as np

from attacks.batches import in_batches
from saliency.maps import check_numbers
from saliency.protocol import Crafted, changed_pixels, may_succeed


def craft_rebuilding(model, x, y, index, build, limit, variant='paper',
                     batch=1024):
    """Overwrite the best pixel of a fresh map until the model is fooled.

    Parameters, result and errors are those of `crafting.craft`, but for

    Parameters
    ----------
    build : callable
        images (m, c, h, w), labels (m,), unused (m, P) -> SaliencyMap,
        called once a step with the samples not yet fooled.
    """
    image = x.reshape(len(x), -1).copy()  # (n, P)
    unused = np.ones(image.shape, bool)
    order = np.full((len(x), limit), -1, np.int32)
    success = np.zeros(len(x), bool)
    steps = np.zeros(len(x), np.int64)
    prediction = np.empty(len(x), np.int64)
    running = np.arange(len(x))  # (m,)
    for step in range(1, limit + 1):
        images = image[running].reshape((-1,) + x.shape[1:])
        saliency = build(images, y[running], unused[running])
        check_numbers(saliency, index[running])
        if step == 1:
            nonzero = saliency.nonzero  # (n,)
        pixel = _best_unused(saliency.order, unused[running])  # (m,)
        image[running, pixel] = saliency.value[range(len(pixel)), pixel]
        unused[running, pixel] = False
        order[running, step - 1] = pixel
        steps[running] = step
        images = image[running].reshape((-1,) + x.shape[1:])
        prediction[running] = in_batches(model.predict, batch, images)
        success[running] = (may_succeed(step, limit, variant)
                            & (prediction[running] != y[running]))
        running = running[~success[running]]
        if not len(running):
            break
    adversarial = image.reshape(x.shape)
    return Crafted(success, steps, changed_pixels(adversarial, x),
                   prediction, adversarial, order, nonzero)


def _best_unused(order, unused):
    """The first pixel of each row of `order` that is unused, (m,)."""
    open_to_use = np.take_along_axis(unused, order, axis=1)  # (m, P)
    return order[range(len(order)), np.argmax(open_to_use, axis=1)]
