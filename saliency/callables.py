"""What an attack may know of a classifier."""

from typing import Callable, NamedTuple, Optional

import numpy as np

from attacks.batches import predictions


class Callables(NamedTuple):
    """A classifier as deterministic functions, NumPy in and out.

    Images x are (n, c, h, w) with c = 1 and pixels in [0, 1], of `dtype`;
    labels y are (n,) integers; n >= 1, and a row of a result depends on
    its own image only. z are the logits *already divided by the
    temperature of testing*.

    Attributes
    ----------
    logits : x -> (n, classes)
        z.
    loss_of : z, y -> (n,)
        Cross-entropy, as the model's own arithmetic computes it.
    gradient : x, y -> (n, c, h, w)
        d loss / d x, likewise.
    log_odds_of : z, y -> (n,)
        u = logsumexp_{j != y} z_j - z_y.
    log_odds_gradient : x, y -> (n, c, h, w)
        du/dx.
    dtype : np.dtype
        Of the images, float32 or float64.
    probe_logits : x, owners, pixels, values -> (b, classes), optional
        z of b images, each the image x[owners] with the pixel `pixels`
        overwritten by `values`, (b,) each; pixel -1 overwrites nothing.
        z may be on a device: `loss_of` and `log_odds_of` take it from there.
        Without it, `probing` makes the images and asks `logits`.
    """

    logits: Callable
    loss_of: Callable
    gradient: Callable
    log_odds_of: Callable
    log_odds_gradient: Callable
    dtype: np.dtype
    probe_logits: Optional[Callable] = None

    def loss(self, x, y):
        """Cross-entropy of images, (n,)."""
        return self.loss_of(self.logits(x), y)

    def log_odds(self, x, y):
        """u of images, (n,)."""
        return self.log_odds_of(self.logits(x), y)

    def predict(self, x):
        """Classes of images, (n,) int64; see `attacks.batches`."""
        return predictions(self.logits(x))
