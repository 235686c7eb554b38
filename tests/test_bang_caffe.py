"""Caffe's files: what they mean, and what is no such file."""

import errno
import os

import bang_twin
import caffe_files
import h5py
import lasagne
import numpy as np
import pytest
import theano

from errors import UserError
from network.functions import set_arrays
from papers.bang.caffe import read_caffe
from papers.bang.networks import build_network
from papers.bang.run_format import BANG


def correlate(image, weights, biases, pad=0):
    """Caffe's convolution, (f, rows, columns), by its definition."""
    image = np.pad(image, ((0, 0), (pad, pad), (pad, pad)))
    rows, columns = (side - weights.shape[2] + 1 for side in image.shape[1:])
    result = np.empty((len(weights), rows, columns))
    for at in np.ndindex(rows, columns):
        seen = image[:, at[0]:at[0] + 5, at[1]:at[1] + 5]
        result[(slice(None),) + at] = (weights * seen).sum(
            axis=(1, 2, 3)) + biases
    return result


def caffe_lenet(pixels, layers):
    """z (10,) of one image (1, 28, 28), in Caffe's own terms."""
    x = bang_twin.caffe_pool(
        correlate(pixels / 256, *layers['conv1'])[None], 2, 2, np.max)[0]
    x = bang_twin.caffe_pool(
        correlate(x, *layers['conv2'])[None], 2, 2, np.max)[0]
    x = np.maximum(layers['ip1'][0] @ x.ravel() + layers['ip1'][1], 0)
    return layers['ip2'][0] @ x + layers['ip2'][1]


def single(layers):
    """The same in float32's precision, as the file keeps it."""
    return {name: [array.astype(np.float32).astype(float)
                   for array in arrays] for name, arrays in layers.items()}


@pytest.mark.compiled
def test_an_imported_lenet_computes_what_caffe_computes(tmp_path):
    layers = caffe_files.blobs(caffe_files.LENET)
    name, arrays = read_caffe(
        caffe_files.write(tmp_path / 'lenet.h5', layers))
    assert name == 'lenet'
    network = build_network(name, np.random.RandomState(0))
    set_arrays(network, arrays)
    logits = theano.function([network.pixels], lasagne.layers.get_output(
        network.logits, deterministic=True))
    pixels = np.random.RandomState(1).randint(0, 256, (2, 1, 28, 28)).astype(
        float)
    expected = [caffe_lenet(image, single(layers)) for image in pixels]
    assert np.std(expected) > .1
    np.testing.assert_allclose(logits(pixels), expected, rtol=1e-8,
                               atol=1e-9)


def test_cifar_quick_is_told_by_its_layers(tmp_path):
    layers = caffe_files.blobs(caffe_files.CIFAR_QUICK)
    name, arrays = read_caffe(
        caffe_files.write(tmp_path / 'quick.h5', layers))
    assert name == 'cifar-quick'
    assert set(arrays) == set(BANG.shapes[name]) - {'mean.image'}
    np.testing.assert_array_equal(
        arrays['conv3.W'][5, 7, 1, 4],
        layers['conv3'][0][5, 7, 3, 0].astype(np.float32))
    np.testing.assert_array_equal(arrays['dense1.W'],
                                  layers['ip1'][0].T.astype(np.float32))


def refusal(path):
    with pytest.raises(UserError) as caught:
        read_caffe(str(path))
    line = str(caught.value)
    assert str(path) in line and '\n' not in line
    return line


def test_files_of_something_else(tmp_path):
    assert 'found no such file' in refusal(tmp_path / 'nowhere.h5')
    assert 'an HDF5 file' in refusal(tmp_path)
    text = tmp_path / 'text.h5'
    text.write_text('weights')
    assert 'an HDF5 file' in refusal(text)
    with h5py.File(str(tmp_path / 'other.h5'), 'w') as file:
        file['weights'] = np.zeros(3)
    assert 'in a group data' in refusal(tmp_path / 'other.h5')


def test_a_file_that_may_not_be_read_is_not_called_damaged(monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError(errno.EACCES, 'Unable to open')

    monkeypatch.setattr(h5py, 'File', refuse)
    with pytest.raises(PermissionError) as caught:
        read_caffe('lenet.h5')
    assert caught.value.filename == 'lenet.h5'


def test_a_truncated_file(tmp_path):
    path = tmp_path / 'lenet.h5'
    caffe_files.write(path, caffe_files.blobs(caffe_files.LENET))
    whole = path.read_bytes()
    for size in (0, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        assert 'damaged' in refusal(path)
    assert os.path.getsize(str(path)) == len(whole) - 1


def without(layer):
    layers = caffe_files.blobs(caffe_files.LENET)
    del layers[layer]
    return layers


def changed(layer, place, array):
    layers = caffe_files.blobs(caffe_files.LENET)
    layers[layer][place:place + 1] = [] if array is None else [array]
    return layers


@pytest.mark.parametrize('layers, words', [
    (without('ip2'), 'got conv1, conv2, ip1: this is another network'),
    ({}, 'got none'),
    (changed('ip1', 1, None), 'weights and biases of ip1, got 1 arrays'),
    (changed('ip1', 0, np.zeros((500, 801))),
     'expected dense1.W of shape (800, 500) in float32'),
    (changed('conv1', 0, np.zeros((20, 3, 5, 5))), 'expected conv1.W'),
    (changed('conv2', 1, np.zeros(51)), 'expected conv2.b'),
    (changed('conv1', 1, np.full(20, np.nan)),
     'conv1.b holds NaN or infinity')])
def test_layers_that_do_not_fit(tmp_path, layers, words):
    assert words in refusal(caffe_files.write(tmp_path / 'file.h5', layers))


@pytest.mark.parametrize('place, value', [
    ('data/ip1/0/deep', np.zeros(3)), ('data/more/0/deep', np.zeros(3)),
    ('data/ip1/0', 'text'), ('data/ip1/0', np.float32(1)),
    ('data/ip1/0', h5py.Empty('f'))])
def test_what_is_no_array_where_one_should_be(tmp_path, place, value):
    path = caffe_files.write(tmp_path / 'file.h5',
                             caffe_files.blobs(caffe_files.LENET))
    with h5py.File(path, 'r+') as file:
        if place.startswith('data/ip1/0'):
            del file['data/ip1/0']
        file[place] = value
    assert 'expected arrays in the layer ' + place.split('/')[1] in refusal(
        path)


def test_doubles_are_refused(tmp_path):
    layers = caffe_files.blobs(caffe_files.LENET)
    assert 'float64' in refusal(caffe_files.write(
        tmp_path / 'file.h5', layers, np.float64))
