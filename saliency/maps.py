"""The saliency maps of Algorithms 1-3: what to change first, and to what.

Song 2017, section 3.2. A map ranks all P = c h w pixels of each of n
images at once. Each algorithm comes in two arithmetics: on the loss, as
the model's floating point sees it, or, with `log_odds`, on u (see
`arithmetic`), in the order that infinite precision would give.

Where the paper leaves a gap: step 3(b) of Algorithm 3 marks a used pixel
by k = 0 and not by minus infinity, which would pick pixel 0 for ever once
only zeros are left, and Algorithm 2 does not mark it at all. Here every
algorithm picks among the pixels not yet used.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from attacks.batches import in_batches
from errors import UserError
from saliency.arithmetic import log_softplus_difference

UNCHANGED = -1  # the pixel of a probe that leaves its image as it is


class SaliencyMap(NamedTuple):
    """Which pixel to overwrite first, and with what."""

    priority: np.ndarray   # (n, P) float: higher is overwritten sooner
    value: np.ndarray      # (n, P) float: what the pixel becomes, 0 or 1
    #: The priority of a pixel without effect: 0, or -inf where priorities
    #: are logarithms.
    zero: float = 0.
    #: Order, higher first, of pixels whose priorities are equal, (n, P) float
    #: or one number for none. It matters where a priority rounds: log-odds
    #: that fall from u by 40 or by 400 nats leave next to nothing of a loss
    #: of exp(u), and the two changes differ by less than any logarithm shows.
    finer: np.ndarray = 0.

    @property
    def order(self):
        """Pixels, best first, (n, P) int; last ties to the lowest index."""
        finer = np.broadcast_to(self.finer, self.priority.shape)
        return np.lexsort((-finer, -self.priority))

    @property
    def nonzero(self):
        """Pixels that the map tells from no effect, (n,) int."""
        return np.sum(self.priority != self.zero, axis=1)


def algorithm1(gradient):
    """Signed gradient; every pixel becomes 1.

    Parameters
    ----------
    gradient : (n, c, h, w) float
        d loss / d x, or du/dx: the same order, as sigmoid(u) > 0.
    """
    gradient = gradient.reshape(len(gradient), -1)  # (n, P)
    return SaliencyMap(gradient, np.ones_like(gradient))


def algorithm3(gradient):
    """|gradient|; a pixel becomes 1 if its gradient is > 0, else 0.

    Of the gradient as in `algorithm1`. An exact zero counts as not positive.
    """
    gradient = gradient.reshape(len(gradient), -1)  # (n, P)
    return SaliencyMap(np.abs(gradient), (gradient > 0).astype(gradient.dtype))


def algorithm2(model, x, y, log_odds=False, batch=1024, unused=None):
    """The larger change of the loss by pixel := 1 or := 0.

    Where both changes are equal both tests of the paper's step 3(a) hold;
    the second, := 0, is carried out last and stands.

    Parameters
    ----------
    model, x, y, batch
        As in `attack.attack`.
    log_odds : bool
        Priorities are log|softplus(u') - softplus(u)|, and |u' - u|
        ranks (and chooses the value) where those are equal.
    unused : (n, P) bool, optional
        Pixels that may still be overwritten (default: all); no others
        are probed, and their priority means nothing.
    """
    function = model.log_odds_of if log_odds else model.loss_of
    before, after = probe(model, function, x, y, (1, 0), batch, unused)
    d1, d2 = (np.abs(probed - before) for probed in after)
    s1, s2, zero = d1, d2, 0.
    if log_odds:
        s1, s2 = (log_softplus_difference(u, before) for u in after)
        zero = -np.inf
    ones = (s1 > s2) | ((s1 == s2) & (d1 > d2))
    return SaliencyMap(np.maximum(s1, s2), ones.astype(x.dtype), zero,
                       finer=np.where(ones, d1, d2))


def algorithm2_script(model, x, y, log_odds=False, batch=1024, unused=None):
    """The published script's Algorithm 2: only := 1, signed change.

    Parameters as in `algorithm2`. With `log_odds` the priority is u' - u:
    softplus grows with u, so the order is that of the changes of the loss.
    """
    function = model.log_odds_of if log_odds else model.loss_of
    before, (after,) = probe(model, function, x, y, (1,), batch, unused)
    change = after - before  # (n, P)
    return SaliencyMap(change, np.ones(change.shape, x.dtype))


def check_numbers(saliency, index):
    """Refuse maps with NaN, which a sort would silently put last.

    A UserError names the first such sample by its entry of `index`, (n,) int.
    """
    count = np.sum(np.isnan(saliency.priority), axis=1)  # (n,)
    if count.any():
        first = np.argmax(count > 0)
        raise UserError(
            'sample %d: expected a saliency map of numbers, got NaN for %d '
            'of %d pixels: check the model (weights, temperature)'
            % (index[first], count[first], saliency.priority.shape[1]))


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
    sent = kinds != UNCHANGED
    before = answers[~sent][:, None]  # (n, 1), as owners ascend
    after = np.tile(before, (len(values), 1, flat.shape[1]))  # (v, n, P)
    after[kinds[sent], owners[sent], pixels[sent]] = answers[sent]
    return before, list(after)


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
    wanted = np.zeros((len(flat), 1 + len(values), flat.shape[1]), bool)
    wanted[:, 0, 0] = True  # the image itself, once
    for k, value in enumerate(values, 1):
        wanted[:, k] = flat != value
        if unused is not None:
            wanted[:, k] &= unused
    owners, kinds, pixels = np.nonzero(wanted)
    pixels[kinds == 0] = UNCHANGED
    return owners, pixels, kinds - 1
