import os
import subprocess
import sys

import fault_server
import pytest
import small_mnist

import data
from data.catalogue import Unavailable
from errors import UserError

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def test_auto_is_mnist_where_it_can_be_had(cache, mirror, capsys):
    collection = small_mnist.collection(mirror.url)
    dataset = data.load(collection=collection)
    assert dataset.name == 'mnist'
    assert dataset.checksum == small_mnist.checksum()
    assert [len(part.images) for part in dataset[3:6]] == [50, 10, 12]
    assert capsys.readouterr() == ('', '')
    assert len(data.load(limit_train=7, split='script',
                         collection=collection).train.labels) == 7


def test_auto_without_mnist_is_digits_and_loud(cache, mirror, capsys):
    for name in small_mnist.packed_files():
        mirror.faults[name] = [fault_server.status(404)]
    dataset = data.load(collection=small_mnist.collection(mirror.url))
    assert dataset.name == 'digits'
    assert data.LABELS[dataset.name] == 'digits (8x8, not MNIST)'
    output, notice = capsys.readouterr()
    assert output == ''
    lines = notice.splitlines()
    assert len(lines) > 8
    assert lines[0] == lines[-1] == '#' * 76
    assert all(line.startswith('#') for line in lines)
    said = ' '.join(line.strip('# ') for line in lines)
    for words in ('THIS IS NOT MNIST', 'cannot be compared with the paper',
                  'HTTP 404', '--data-dir', '$MNIST_DIR', '$MNIST_MIRROR'):
        assert words in said


def test_mnist_without_mnist_is_an_error_with_a_way_out(
        cache, mirror, capsys):
    for name in small_mnist.packed_files():
        mirror.faults[name] = [fault_server.page]
    with pytest.raises(Unavailable) as caught:
        data.load('mnist', collection=small_mnist.collection(mirror.url))
    for words in ('web page', '--data-dir', '$MNIST_DIR', '$MNIST_MIRROR'):
        assert words in str(caught.value)
    assert '\n' not in str(caught.value)
    assert capsys.readouterr() == ('', '')


def test_auto_never_passes_over_a_folder_that_was_named(cache, tmp_path):
    with pytest.raises(UserError, match='--data-dir'):
        data.load(directory=str(tmp_path), collection=small_mnist.collection())


def test_auto_never_passes_over_a_mirror_that_makes_no_sense(
        cache, monkeypatch):
    monkeypatch.setenv('MNIST_MIRROR', 'nonsense')
    with pytest.raises(UserError, match='MNIST_MIRROR should hold'):
        data.load(collection=small_mnist.collection())


def test_digits_never_ask_for_mnist(cache, mirror, capsys):
    dataset = data.load('digits',
                        collection=small_mnist.collection(mirror.url))
    assert dataset.name == 'digits'
    assert mirror.requests == []
    assert capsys.readouterr().err == (
        "Using scikit-learn's digits, not MNIST.\n")


def test_neither_mnist_nor_digits_is_one_line(cache, mirror, monkeypatch):
    monkeypatch.setitem(sys.modules, 'sklearn.datasets', None)
    mirror.faults['train-images-idx3-ubyte.gz'] = [fault_server.status(404)]
    with pytest.raises(UserError) as caught:
        data.load(collection=small_mnist.collection(mirror.url))
    assert 'HTTP 404' in str(caught.value)
    assert 'pip install scikit-learn' in str(caught.value)


@pytest.mark.parametrize('arguments, message', [
    ({'name': 'cifar'}, "should be 'auto' or one of 'mnist', 'digits', "
     "'cifar10', 'cifar100', 'svhn', 'svhn-train', 'tiny-imagenet', "
     "'tiny-imagenet-part', 'folder', not 'cifar'"),
    ({'split': 'half'}, "split should be one of paper, script, whole, not "
     "'half'")])
def test_a_wrong_argument_costs_no_download(cache, mirror, arguments,
                                            message):
    with pytest.raises(UserError) as caught:
        data.load(collection=small_mnist.collection(mirror.url), **arguments)
    assert message in str(caught.value)
    assert mirror.requests == []


def test_importing_data_imports_neither_theano_nor_scikit_learn():
    heavy = subprocess.run(
        [sys.executable, '-c', 'import sys, data; '
         'print({"theano", "sklearn", "scipy"} & set(sys.modules))'],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    assert heavy.stdout == 'set()\n'
