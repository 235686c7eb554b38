"""What a model is asked about probes."""

from types import SimpleNamespace

import numpy as np
import pytest

from saliency.maps import probe


@pytest.mark.parametrize('floatX', ['float32', 'float64'])
def test_what_is_written_is_of_the_images_dtype(floatX):
    """Theano takes no float64 for a float32."""
    asked = []

    def probe_logits(x, owners, pixels, values):
        asked.append((x.dtype, values.dtype, len(owners)))
        return np.zeros((len(owners), 10), floatX)

    x = np.full((2, 1, 3, 3), .5, floatX)
    before, after = probe(SimpleNamespace(probe_logits=probe_logits),
                          lambda z, y: z[:, 0], x, np.zeros(2, int), (0, 1),
                          64)
    assert asked == [(floatX, floatX, 2 + 2 * 18)]
    assert before.shape == (2, 1) and [a.shape for a in after] == [(2, 9)] * 2
