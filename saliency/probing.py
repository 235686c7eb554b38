"""What a function of the logits becomes when one pixel is overwritten."""

from functools import partial

import numpy as np

from attacks.batches import in_batches

UNCHANGED = -1  # the pixel of a probe that leaves its image as it is


def probe(model, function, x, y, values, batch, unused=None):
    """Overwrite every pixel by itself and ask.

    A probe that would leave the image as it is is not sent to the model:
    on MNIST some 4/5 of those of value 0. All others, and the images
    themselves, share the model's calls.

    Parameters
    ----------
    model : Callables
    function : callable
        Logits (b, classes), labels (b,) -> (b,).
    x : (n, c, h, w) float
    y : (n,) int
    values : tuple of 0 and 1
        What each pixel is overwritten with.
    batch : int
        Most images in one call of the model's logits.
    unused : (n, P) bool, optional
        Pixels to probe (default: all).

    Returns
    -------
    before : (n, 1) float
        The function of the images themselves.
    after : list of (n, P) float
        Of the probes, one array for each of the values; `before` where
        none was sent.
    """
    ask = model.probe_logits or partial(brute_force, model.logits, batch)
    flat = x.reshape(len(x), -1)  # (n, P)
    owners, pixels, kinds = _list_probes(flat, values, unused)  # (b,)
    written = np.asarray(tuple(values) + (0,), x.dtype)[kinds]
    answers = function(ask(x, owners, pixels, written), y[owners])  # (b,)
    own = kinds == UNCHANGED
    before = answers[own][:, None]  # (n, 1), as owners ascend
    after = []
    for k in range(len(values)):
        after.append(np.repeat(before, flat.shape[1], axis=1))  # (n, P)
        sent = kinds == k
        after[k][owners[sent], pixels[sent]] = answers[sent]
    return before, after


def brute_force(logits, batch, x, owners, pixels, values):
    """Logits of probes, by making all the images; see `Callables`."""
    flat = x.reshape(len(x), -1)  # (n, P)

    def ask(owners, pixels, values):
        images = flat[owners]  # (b, P), a copy
        written = np.flatnonzero(pixels != UNCHANGED)
        images[written, pixels[written]] = values[written]
        return logits(images.reshape((-1,) + x.shape[1:]))

    return in_batches(ask, batch, owners, pixels, values)


def _list_probes(flat, values, unused):
    """Owners, pixels and which value: (b,) each, image by image."""
    every = np.arange(len(flat))
    owners, pixels = [every], [np.full(len(flat), UNCHANGED)]
    for value in values:
        wanted = flat != value
        if unused is not None:
            wanted &= unused
        rows, columns = np.nonzero(wanted)
        owners.append(rows)
        pixels.append(columns)
    kinds = np.repeat(np.arange(-1, len(values)), [len(a) for a in owners])
    owners, pixels = np.concatenate(owners), np.concatenate(pixels)
    order = np.argsort(owners, kind='stable')
    return owners[order], pixels[order], kinds[order]
