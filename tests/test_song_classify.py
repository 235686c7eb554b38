"""Pictures of every kind become the same white digit on black."""

import os

import numpy as np
import pytest
from PIL import Image, ImageDraw
from script_runner import ROOT

from errors import UserError
from papers.song.classify import read_image

#: Every mode that files come in: how it is made of black ink on white.
KINDS = {
    'L': lambda ink: ink,
    'RGB': lambda ink: ink.convert('RGB'),
    'CMYK': lambda ink: ink.convert('CMYK'),
    'RGBA': lambda ink: transparent(ink, 'RGBA'),
    'LA': lambda ink: transparent(ink, 'LA'),
    'P': lambda ink: paletted(ink),
    'I;16': lambda ink: Image.fromarray(
        np.asarray(ink).astype(np.uint16) * 16 + 1000),
    'I': lambda ink: Image.fromarray(
        np.asarray(ink).astype(np.int32) * 1000 - 70000),
    'F': lambda ink: Image.fromarray(
        np.asarray(ink).astype(np.float32) / 255),
}


def seven():
    """A 7 in black ink on white, of MNIST's size, so that nothing blurs."""
    ink = Image.new('L', (28, 28), 255)
    ImageDraw.Draw(ink).line([(7, 6), (20, 6), (12, 22)], fill=0, width=3)
    return ink


def transparent(ink, mode):
    """Black throughout, ink where it is not transparent."""
    picture = Image.new(mode, ink.size)
    picture.putalpha(Image.eval(ink, lambda level: 255 - level))
    return picture


def paletted(ink):
    """Both colours of the palette are black, the second is transparent."""
    picture = ink.point(lambda level: level // 255, 'P')
    picture.putpalette([0, 0, 0] * 2)
    picture.info['transparency'] = 1
    return picture


@pytest.fixture
def saved(tmp_path):
    """A function that writes a picture, and gives its path."""
    def save(picture, name='picture.tif', **options):
        path = str(tmp_path / name)
        picture.save(path, **options)
        return path
    return save


@pytest.mark.parametrize('kind', KINDS)
def test_every_kind_of_picture_reads_alike(saved, kind):
    picture = KINDS[kind](seven())
    assert picture.mode == kind
    path = saved(picture, 'seven.png' if kind == 'P' else 'seven.tif')
    expected = 255 - np.asarray(seven())
    np.testing.assert_array_equal(read_image(path)[0, 0], expected)


def test_a_transparent_value_of_16_bits_is_white(saved):
    ink = np.where(np.asarray(seven()) == 0, 9000, 0).astype(np.uint16)
    path = saved(Image.fromarray(ink), 'seven.png', transparency=0)
    np.testing.assert_array_equal(read_image(path)[0, 0],
                                  255 - np.asarray(seven()))


def test_a_picture_is_turned_as_its_camera_says(saved):
    turned = Image.Exif()
    turned[0x0112] = 6                  # Orientation: a quarter, clockwise
    path = saved(seven().rotate(90), 'seven.png', exif=turned)
    np.testing.assert_array_equal(read_image(path)[0, 0],
                                  255 - np.asarray(seven()))


@pytest.mark.parametrize('blank', [
    Image.new('L', (50, 50), 200), Image.new('F', (50, 50), .5),
    Image.new('I', (50, 50), 7), Image.new('RGBA', (50, 50)),
    # White ink is on white, then; a sheet's photograph has some noise.
    Image.fromarray(np.stack([np.full((28, 28), 255),
                              np.asarray(seven())], -1).astype(np.uint8)),
    Image.fromarray((np.arange(784).reshape(28, 28) % 4 + 250).astype(
        np.uint8))], ids=['L', 'F', 'I', 'RGBA', 'white ink', 'noise'])
def test_a_blank_is_no_digit(saved, blank):
    with pytest.raises(UserError, match='expected a digit, .* is blank'):
        read_image(saved(blank))


@pytest.mark.parametrize('value', [np.nan, np.inf])
def test_floats_that_are_no_numbers_are_refused(saved, value):
    picture = np.zeros((28, 28), np.float32)
    picture[3, 4] = value
    with pytest.raises(UserError, match='no finite numbers'):
        read_image(saved(Image.fromarray(picture)))


def test_half_a_file_is_refused(saved):
    path = saved(seven(), 'seven.png')
    os.truncate(path, os.path.getsize(path) // 2)
    with pytest.raises(UserError, match='none that can be read'):
        read_image(path)


@pytest.mark.compiled
def test_a_transparent_seven_is_a_seven(scripts, saved):
    path = saved(transparent(seven(), 'RGBA'), 'seven.png')
    out = scripts.succeed('mnist_cnn.py', '--classify', path, '--model',
                          os.path.join(ROOT, 'weights', 'std'))
    assert 'predicted 7' in out
