"""The benchmark of the ResNet: what it runs is what smooth.py trains."""

import numpy as np
import pytest

from benchmarks import smooth
from papers.smooth.architecture import Architecture
from papers.smooth.recipes import MODELS


def test_batches_are_alike_whenever_they_are_made():
    first, again = (smooth.make_batches(3, 'float32') for _ in range(2))
    assert len(first) == 2
    for (images, labels), (same, own) in zip(first, again):
        assert images.shape == (3, 3, 32, 32) and images.dtype == np.float32
        np.testing.assert_array_equal(images, same)
        np.testing.assert_array_equal(labels, own)
    assert (first[0][0] != first[1][0]).any()


@pytest.mark.compiled
def test_both_learn_their_batches():
    torch_smooth = pytest.importorskip('benchmarks.torch_smooth')
    batches = smooth.make_batches(4, 'float64')
    architecture = Architecture(2)
    steps = {'ours': smooth.make_step(
        architecture, MODELS['Vanilla'], batches),
        **torch_smooth.torch_steps(architecture, batches, .001, 5e-4, 1)}
    assert list(steps) == ['ours', 'pytorch_default', 'pytorch_channels_last']
    losses = [np.array([np.ravel(train())[-1] for _ in range(20)])
              for train in steps.values()]
    for found in losses:
        assert 1.5 < found[:2].mean() < 4
        assert found[-2:].mean() < found[:2].mean()
    np.testing.assert_allclose(losses[1], losses[2], rtol=1e-6)
