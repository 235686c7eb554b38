import numpy as np
import pytest

from data.dataset import Dataset, Part, divide, scale
from errors import UserError


def archive(n, name='mnist'):
    """n training images whose pixels and labels tell their position."""
    labels = np.arange(n).astype(np.uint8)
    images = np.broadcast_to(labels[:, None, None, None], (n, 1, 28, 28))
    return Dataset(name, 'made up', 'c0ffee', Part(images, labels), None,
                   Part(images[:3], labels[:3]))


@pytest.mark.parametrize('n, split, kept', [
    (120, 'paper', 100), (120, 'script', 118),
    (119, 'paper', 100), (119, 'script', 118), (7, 'script', 7)])
def test_validation_is_the_end_of_the_training_images(n, split, kept):
    dataset = divide(archive(n), split)
    assert dataset.train.labels.tolist() == list(range(kept))
    assert dataset.validation.labels.tolist() == list(range(kept, n))
    for part in (dataset.train, dataset.validation):
        np.testing.assert_array_equal(part.images[:, 0, 0, 0], part.labels)
    assert dataset.test.labels.tolist() == [0, 1, 2]
    assert dataset[:3] == ('mnist', 'made up', 'c0ffee')


@pytest.mark.parametrize('limit', [1, 42, 100])
def test_a_limit_keeps_the_first_training_images(limit):
    dataset = divide(archive(120), limit_train=limit)
    assert dataset.train.labels.tolist() == list(range(limit))
    assert len(dataset.train.images) == limit
    assert dataset.validation.labels.tolist() == list(range(100, 120))


@pytest.mark.parametrize('limit', [0, -1, 101])
def test_a_limit_out_of_range_names_the_range(limit):
    with pytest.raises(UserError) as caught:
        divide(archive(120, 'digits'), 'paper', limit)
    assert str(caught.value) == (
        'limit_train should be from 1 to 100, the training images of digits '
        "(8x8, not MNIST) with split 'paper', not %d" % limit)


def test_an_unknown_split_is_one_line():
    with pytest.raises(UserError) as caught:
        divide(archive(120), 'thirds')
    assert str(caught.value) == (
        "split should be one of paper, script, whole, not 'thirds'")


@pytest.mark.parametrize('dtype', ['float32', np.float64])
def test_scale_divides_by_256_exactly(dtype):
    images = np.arange(256, dtype=np.uint8).reshape(-1, 1, 1, 1)
    images = np.broadcast_to(images, (256, 1, 28, 28))
    scaled = scale(images, dtype)
    assert scaled.dtype == dtype
    assert scaled.shape == (256, 1, 28, 28)
    np.testing.assert_array_equal(scaled, images.astype(float) / 256)
    assert scaled.max() == 255 / 256
    assert scaled.flags.writeable


def test_scale_refuses_what_was_scaled_before():
    with pytest.raises(TypeError, match='uint8 images, not float32'):
        scale(np.zeros((1, 1, 28, 28), np.float32), 'float32')
