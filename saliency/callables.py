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
    """

    #: x -> z, (n, classes).
    logits: Callable
    #: z, y -> cross-entropy, as the model's own arithmetic computes it, (n,).
    loss_of: Callable
    #: x, y -> d loss / d x, likewise, (n, c, h, w).
    gradient: Callable
    #: z, y -> u = logsumexp_{j != y} z_j - z_y, (n,).
    log_odds_of: Callable
    #: x, y -> du/dx, (n, c, h, w).
    log_odds_gradient: Callable
    #: Of the images, float32 or float64.
    dtype: np.dtype
    #: x, owners, pixels, values -> z of b images, (b, classes): each the
    #: image x[owners] with the pixel `pixels` overwritten by `values`, (b,)
    #: each; pixel -1 overwrites nothing. z may be on a device: `loss_of` and
    #: `log_odds_of` take it from there. Without it, `maps.probe` makes the
    #: images and asks `logits`.
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
