"""MNIST, digits, images in colours, checked and ready to use.

>>> import data
>>> mnist = data.load('mnist', split='paper')
>>> pixels = data.scale(mnist.test.images, 'float32')  # (10000, 1, 28, 28)
"""

import functools
import sys
import textwrap

from data import cifar, digits, mnist, svhn, tiny_imagenet
from data.catalogue import MNIST, Unavailable
from data.dataset import (
    LABELS,
    WHOLE,
    Dataset,
    Part,
    check_split,
    divide,
    scale,
)
from errors import UserError

__all__ = ['LABELS', 'Dataset', 'Part', 'Unavailable', 'announce',
           'load', 'scale']

#: --data-dir -> Dataset. Of these no part is set aside.
_COLOURED = {
    'cifar10': functools.partial(cifar.load, cifar.CIFAR10),
    'cifar100': functools.partial(cifar.load, cifar.CIFAR100),
    'svhn': svhn.load,
    'svhn-train': functools.partial(svhn.load, extra=False),
    # Which of the two it is, is seen when it is there.
    'tiny-imagenet': tiny_imagenet.load,
    'tiny-imagenet-part': tiny_imagenet.load,
    'folder': cifar.from_folder}
_WIDTH = 76  # columns of the notice

_WAYS_OUT = (
    'To use MNIST, put its four files into a folder and name it by '
    '--data-dir or $MNIST_DIR, or name a mirror that this machine can reach '
    'by $MNIST_MIRROR')


def load(name='auto', directory=None, split='paper', limit_train=None,
         *, collection=MNIST):
    """Load a data set and divide it.

    Parameters
    ----------
    name : str
        'mnist'; 'digits' (scikit-learn's); or 'auto': MNIST, and the digits
        with a notice on stderr if it is neither on this machine nor to be
        downloaded. Or images in colours: 'cifar10', 'cifar100', 'svhn',
        'svhn-train' (without the extra images), 'tiny-imagenet' (of a part
        of which the name becomes 'tiny-imagenet-part') or 'folder'.
    directory : str or None
        The folder of the MNIST files, which must then be there and right.
        Without it: $MNIST_DIR, on the same terms; else the cache, into
        which they are downloaded. Of images in colours, likewise: see
        `data.cifar`, `data.svhn` and `data.tiny_imagenet`.
    split : str
        'paper': 50,000 / 10,000 images to train and to validate;
        'script': 59,000 / 1,000; 'whole': the test images validate. Of
        colour images no part is ever set aside.
    limit_train : int or None
        Train on so many images only, the first ones.
    collection : data.catalogue.Collection
        The files of MNIST, their checksums and their mirrors.

    Returns
    -------
    data.dataset.Dataset

    Raises
    ------
    errors.UserError
        An argument is wrong, a file is bad, MNIST cannot be had: one line.
    """
    if name not in ('auto', *LABELS):
        raise UserError("the data set should be 'auto' or one of %s, not %r"
                        % (', '.join(map(repr, LABELS)), name))
    check_split(split)  # before a download, not after it
    if name in _COLOURED:
        return divide(_COLOURED[name](directory), WHOLE, limit_train)
    if name == 'digits':
        print("Using scikit-learn's digits, not MNIST.", file=sys.stderr)
        return divide(digits.load(), split, limit_train)
    try:
        archive = mnist.load(directory, collection)
    except Unavailable as error:
        if name == 'mnist':
            raise Unavailable('%s. %s' % (error, _WAYS_OUT)) from error
        archive = _stand_in(error)
    return divide(archive, split, limit_train)


def _stand_in(reason):
    """The digits, after a notice that nobody overlooks."""
    try:
        archive = digits.load()
    except UserError as error:
        raise UserError('%s; and %s' % (reason, error)) from error
    print(_notice(str(reason)), file=sys.stderr, flush=True)
    return archive


def _notice(reason):
    """A box that says that this is not MNIST, why, and how to get it."""
    paragraphs = (
        'THIS IS NOT MNIST',
        'MNIST is neither on this machine nor to be downloaded, so '
        "scikit-learn's 1,797 digits (8 x 8 pixels, enlarged) are used "
        'instead. Whatever follows is about them: it cannot be compared '
        'with the paper.',
        'Why: %s.' % reason,
        _WAYS_OUT + '.')
    lines = []
    for paragraph in paragraphs:
        lines += [''] + textwrap.wrap(paragraph, _WIDTH - 4,
                                      break_on_hyphens=False)
    edge = '#' * _WIDTH
    box = ['# %s #' % line.ljust(_WIDTH - 4) for line in lines + ['']]
    return '\n'.join([edge] + box + [edge])


def announce(environment, dataset):
    """Print one line on the environment, one on the data."""
    order = ', in the order %s' % dataset.order if dataset.order else ''
    print('%s\ndata: %s, from %s%s' % (
        environment, LABELS[dataset.name], dataset.source, order), flush=True)
