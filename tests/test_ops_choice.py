"""What is said where the operations asked for cannot be had."""

import os

import pytest
import theano
import theano.tensor as T
from theano.tensor.signal.pool import pool_2d

from environment import operations
from errors import UserError
from ops import inspection, library


@pytest.mark.parametrize('flags, reason', [
    ('mode=FAST_COMPILE', 'THEANO_FLAGS sets mode=FAST_COMPILE'),
    ('optimizer=None', 'THEANO_FLAGS sets optimizer=None'),
    ('optimizer_excluding=inplace:bias_relu', 'sets optimizer_excluding=')])
def test_flags_that_keep_them_out_are_named(monkeypatch, flags, reason):
    monkeypatch.setenv('THEANO_FLAGS', flags)
    name, note = operations.choose_ops('auto', 'cpu', True)
    assert name == 'theano' and reason in note
    with pytest.raises(UserError, match='not possible, as THEANO_FLAGS'):
        operations.choose_ops('c', 'cpu', True)


def test_other_flags_do_not(monkeypatch):
    monkeypatch.setenv('THEANO_FLAGS',
                       'optimizer_excluding=inplace,mode=FAST_RUN')
    assert operations.choose_ops('auto', 'cpu', True)[0] == 'c'


@pytest.mark.compiled
def test_a_graph_without_them_is_refused():
    x, w, b = T.tensor4(), T.tensor4(), T.vector()
    block = pool_2d(T.nnet.relu(T.nnet.conv2d(x, w) + b.dimshuffle(
        'x', 0, 'x', 'x')), (2, 2), ignore_border=True)
    ours = theano.function([x, w, b], block)
    inspection.require(ours, 'c', gradients=False)
    with pytest.raises(UserError, match='expected BiasReLUPoolGrad in the g'):
        inspection.require(ours, 'c', gradients=True)
    plain = theano.function(
        [x, w, b], block,
        mode=theano.compile.get_default_mode().excluding('bias_relu'))
    with pytest.raises(UserError, match='--ops c: expected BiasReLUPool in'):
        inspection.require(plain, 'c', gradients=False)


@pytest.mark.compiled
def test_attacks_know_before_they_start(models):
    message = models.fail('test1.py', '--models', 'runs/std', '--ops',
                          'onednn', '--out', 'impossible', '--samples', 3)
    assert 'as oneDNN has no float64: use --ops auto' in message


def test_what_does_not_compile_is_told_by_its_first_error(monkeypatch,
                                                          tmp_path):
    monkeypatch.setattr(library, 'SOURCE', str(tmp_path))
    (tmp_path / 'wrong.h').write_text('int no() { return nothing; }\n')
    (tmp_path / 'wrong.cpp').write_text('#include "wrong.h"\n')
    (tmp_path / 'folder').mkdir()
    with pytest.raises(UserError, match=r'compiler says: \S*wrong.h:1.*error'):
        library.load('wrong.cpp')
    assert not [name for name in tmp_path.iterdir() if name.suffix == '.so']


def test_what_a_killed_build_left_goes_with_the_next(monkeypatch, tmp_path):
    monkeypatch.setattr(library, 'SOURCE', str(tmp_path))
    monkeypatch.setattr(library, 'compile_directory', lambda: str(tmp_path))
    (tmp_path / 'right.cpp').write_text('extern "C" int one() { return 1; }')
    (tmp_path / 'ops').mkdir()
    old, new, other = [tmp_path / 'ops' / name for name in (
        'unfinished-a.so', 'unfinished-b.so', 'another.so')]
    for path in (old, new, other):
        path.write_text('')
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    assert library.load('right.cpp').one() == 1
    left = sorted(path.name for path in (tmp_path / 'ops').iterdir())
    assert (len(left) == 3 and left[0] == 'another.so'
            and left[1].startswith('right-') and left[2] == 'unfinished-b.so')
