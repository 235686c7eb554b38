"""Tiny ImageNet's layout with three classes and few images."""

import io
import os
import zipfile

import numpy as np
from PIL import Image

FOLDER = 'tiny-imagenet-200'
CLASSES = ('n03', 'n01', 'n02')   # in the order of wnids.txt
EACH, TEST = 11, 12
#: The one grey image of every class.
GREY = 4


def pixels(seed, grey=False):
    """An image of smooth colours, uint8 (64, 64, 3) or (64, 64)."""
    corners = np.random.RandomState(seed).randint(0, 256, (4, 4, 3))
    image = corners.repeat(16, axis=0).repeat(16, axis=1).astype(np.uint8)
    return image[:, :, 0] if grey else image


def jpeg(image):
    """The bytes of a JPEG."""
    content = io.BytesIO()
    Image.fromarray(image).save(content, 'JPEG', quality=95)
    return content.getvalue()


def decoded(content):
    """What Pillow makes of it, uint8 (3, 64, 64)."""
    return np.asarray(Image.open(io.BytesIO(content)).convert(
        'RGB')).transpose(2, 0, 1)


def files():
    """{path in its folder: bytes}, in a small archive's order."""
    content = {'wnids.txt': '\n'.join(CLASSES).encode(), 'words.txt': b'-'}
    for place, name in enumerate(CLASSES):
        for number in range(EACH):
            content['train/%s/images/%s_%d.JPEG' % (name, name, number)] = (
                jpeg(pixels(100 * place + number, number == GREY)))
        content['train/%s/%s_boxes.txt' % (name, name)] = b'-'
    for number in range(TEST):
        content['val/images/val_%d.JPEG' % number] = jpeg(
            pixels(1000 + number))
    content['val/val_annotations.txt'] = ''.join(
        'val_%d.JPEG\t%s\t0\t1\t2\t3\n' % (number, CLASSES[number % 3])
        for number in range(TEST)).encode()
    return content


def zipped(content, top=FOLDER + '/'):
    """The bytes of a zip of the files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, 'w') as archive:
        for name, raw in content.items():
            archive.writestr(zipfile.ZipInfo(top + name), raw)
    return packed.getvalue()


def write_zip(folder, content, **options):
    """Write tiny-imagenet-200.zip."""
    os.makedirs(str(folder), exist_ok=True)
    with open(os.path.join(str(folder), FOLDER + '.zip'), 'wb') as stream:
        stream.write(zipped(content, **options))
