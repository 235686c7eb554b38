import os

import pytest
import small_mnist

from data import catalogue
from data.catalogue import Unavailable
from errors import UserError


def test_the_option_beats_the_variable_beats_the_cache(cache, monkeypatch):
    assert catalogue.locate() == (str(cache), None)
    monkeypatch.setenv('MNIST_DIR', '')
    assert catalogue.locate() == (str(cache), None)
    monkeypatch.setenv('MNIST_DIR', '/v')
    assert catalogue.locate() == ('/v', '$MNIST_DIR')
    assert catalogue.locate('/o') == ('/o', '--data-dir')


def test_the_home_folder_is_expanded(cache, monkeypatch):
    monkeypatch.setenv('HOME', '/h')
    monkeypatch.setenv('MNIST_DIR', '~/m')
    assert catalogue.locate().folder == '/h/m'
    assert catalogue.locate('~').folder == '/h'


@pytest.mark.parametrize('base', ['', 'relative/path'])
def test_the_cache_follows_the_xdg_specification(cache, monkeypatch, base):
    monkeypatch.setenv('HOME', '/h')
    monkeypatch.setenv('XDG_CACHE_HOME', base)
    assert catalogue.locate().folder == '/h/.cache/song2017/mnist'


def test_no_home_is_one_line(cache, monkeypatch):
    monkeypatch.delenv('XDG_CACHE_HOME')
    monkeypatch.setenv('HOME', 'not/absolute')
    with pytest.raises(Unavailable, match='no home directory .*MNIST_DIR'):
        catalogue.locate()
    assert not os.path.exists('not')


def test_mirrors_are_those_of_the_collection_unless_named(cache, monkeypatch):
    collection = small_mnist.collection('http://a/x/', 'http://b')
    assert catalogue.mirrors(collection) == ['http://a/x/', 'http://b/']
    monkeypatch.setenv('MNIST_MIRROR', '  ')
    assert catalogue.mirrors(collection) == ['http://a/x/', 'http://b/']
    monkeypatch.setenv('MNIST_MIRROR', ' https://c:81/y\n http://d// ')
    assert catalogue.mirrors(collection) == ['https://c:81/y/', 'http://d/']


@pytest.mark.parametrize('url', [
    'ftp://a/', 'a.org/mnist', '/a/folder', 'file:///etc', 'http://',
    'http://a:port/', 'http://[::1/'])
def test_a_mirror_that_is_no_web_address_is_one_line(cache, monkeypatch, url):
    monkeypatch.setenv('MNIST_MIRROR', 'http://good/ ' + url)
    with pytest.raises(UserError) as caught:
        catalogue.mirrors(small_mnist.collection())
    assert str(caught.value).startswith('$MNIST_MIRROR should hold http://')
    assert repr(url) in str(caught.value)
    assert not isinstance(caught.value, Unavailable)
