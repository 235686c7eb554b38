"""MNIST, digits, CIFAR and folders of images, checked and ready to use.

>>> import data
>>> mnist = data.load('mnist', split='paper')
>>> pixels = data.scale(mnist.test.images, 'float32')  # (10000, 1, 28, 28)
"""

from data.dataset import LABELS, Dataset, Part, scale
from data.errors import DataError, Unavailable
from data.loading import announce, load
from data.mnist import status

__all__ = ['LABELS', 'DataError', 'Dataset', 'Part', 'Unavailable', 'announce',
           'load', 'scale', 'status']
