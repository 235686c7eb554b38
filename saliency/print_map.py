"""Saliency maps in print, as in the paper's Appendices A and B."""

import sys

import numpy as np


def printed_map(saliency, pixels, quantity='gradient'):
    """Mean, largest value, number of pixels and the whole map, as text.

    Parameters
    ----------
    saliency : (h, w) float
        In its own dtype, so that zeros and subnormals show; the mean is
        taken in float64, where a float32 sum would lose them.
    pixels : int
        Overwritten until the prediction changed ('Perturbed').
    quantity : str
        What the map is of: 'gradient', 'log10 |gradient|', ...

    Returns
    -------
    str
        Lines without a final newline.
    """
    saliency = np.asarray(saliency)
    body = np.array2string(saliency, max_line_width=79,
                           threshold=sys.maxsize)
    return '\n'.join([
        'mean %s: %.6g' % (quantity, saliency.mean(dtype=np.float64)),
        'max %s: %.6g' % (quantity, saliency.max()),
        'Perturbed: %d' % pixels, '', 'Saliency map:', body])
