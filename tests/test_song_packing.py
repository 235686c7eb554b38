"""Outcomes on disk: small, exact, and refused when damaged."""

import os
from functools import partial

import numpy as np
import pytest
from toy_models import random_task

from attacking.campaign import Samples
from attacking.computing import in_blocks, kept
from errors import UserError
from papers.song.attack import SIZES, attack_block
from saliency.attack import attack
from saliency.outcome import overwrite, pack, unpack

PLAN = {'limit': 9, 'variant': 'paper', 'batch': 64}


@pytest.fixture(params=[1, 2, 3, 4])
def crafted(request):
    model, x, y = random_task(np.random.default_rng(2), 12)
    return x, attack(model, x, y, np.arange(12) + 5, request.param, 9)


def test_unpacking_gives_back_what_was_packed(crafted):
    x, outcome = crafted
    again = unpack(pack(outcome), x)
    for name, array in outcome._asdict().items():
        np.testing.assert_array_equal(getattr(again, name), array, name)
        assert getattr(again, name).dtype.kind == array.dtype.kind, name


def test_an_overwriting_by_the_value_that_was_there_is_kept():
    x = np.zeros((1, 1, 2, 2))
    order, written = np.array([[3, 0, -1]]), np.array([[0, 1, 0]])
    np.testing.assert_array_equal(
        overwrite(x, order, written).ravel(), [1, 0, 0, 0])
    assert not x.any()


def test_arrays_that_are_no_outcome(crafted):
    x, outcome = crafted
    arrays = pack(outcome)
    for name in ('written', 'steps'):
        rest = {key: array for key, array in arrays.items() if key != name}
        with pytest.raises(UserError, match='%s is not there' % name):
            unpack(rest, x)
    arrays['success'] = np.ones(12, bool)  # of misclassified ones, too
    with pytest.raises(UserError, match='contradicts itself'):
        unpack(arrays, x)


def test_blocks_join_to_the_whole_and_are_read_again(tmp_path):
    count = 2 * SIZES[4] + 4
    model, x, y = random_task(np.random.default_rng(2), count)
    index, plan, done = np.arange(count), dict(PLAN, algorithm=4), []
    whole = pack(attack(model, x, y, index, 4, 9))
    keep = partial(kept, str(tmp_path), ['inputs'])
    samples = Samples((x * 256).astype(np.uint8), y, index)
    found = in_blocks(
        lambda block: attack_block(model, block, ('float64',), plan),
        samples, SIZES[4], keep, done.append)
    assert done == [SIZES[4], SIZES[4], 4] and len(os.listdir(tmp_path)) == 3
    again = in_blocks(lambda block: 1 / 0, samples, SIZES[4], keep,
                      done.append)
    for name, array in whole.items():
        np.testing.assert_array_equal(found[name], array)
        np.testing.assert_array_equal(again[name], array)


def test_blocks_of_other_inputs_are_never_read(tmp_path):
    for kind, inputs, index in (
            ('block', ['one'], [1, 2]), ('block', ['two'], [1, 2]),
            ('block', ['one'], [2, 1]), ('block', ['one'], [1, 2, 3]),
            ('maps', ['one'], [1, 2])):
        computed = []

        def compute(computed=computed):
            computed.append(1)
            return {'a': np.array([1])}

        kept(str(tmp_path), inputs, kind, compute, np.array(index))
        assert computed, (kind, inputs, index)


def test_a_damaged_block_is_done_again(tmp_path):
    keep = partial(kept, str(tmp_path), ['inputs'])
    index = np.arange(3)
    keep('block', lambda: {'a': np.arange(3)}, index)
    path = tmp_path / os.listdir(tmp_path)[0]
    path.write_bytes(path.read_bytes()[:-40])
    for compute in (lambda: {'a': np.arange(3)}, lambda: 1 / 0):
        np.testing.assert_array_equal(
            keep('block', compute, index)['a'], np.arange(3))
