import os

import small_mnist

from data.files import survey

COLLECTION = small_mnist.collection()
NAMES = list(small_mnist.SHAPES)


def test_a_good_folder_is_complete(tmp_path):
    small_mnist.write(tmp_path, small_mnist.packed_files())
    found = survey(str(tmp_path), COLLECTION)
    assert found.complete()
    assert found.faults() == ''
    assert found.contents == small_mnist.raw_files()


def test_faults_name_every_file_that_is_bad_or_missing(tmp_path):
    small_mnist.write(tmp_path, {NAMES[0]: b'', NAMES[2]: b'<html>'})
    found = survey(str(tmp_path), COLLECTION)
    assert not found.complete()
    assert found.missing == [NAMES[1], NAMES[3]]
    assert list(found.bad) == [NAMES[0], NAMES[2]]
    for name in NAMES:
        assert name in found.faults()
    assert '%s holds no %s, %s (.gz or raw)' % (
        tmp_path, NAMES[1], NAMES[3]) in found.faults()


def test_a_missing_folder_holds_nothing(tmp_path):
    found = survey(str(tmp_path / 'x'), COLLECTION)
    assert found.missing == NAMES
    assert 'is not there, so it holds no train-images' in found.faults()


def test_a_closed_folder_is_not_called_empty(tmp_path, monkeypatch):
    monkeypatch.setattr(os, 'access', lambda path, mode: False)
    assert ('%s is closed to this user, who finds no train-images' % tmp_path
            in survey(str(tmp_path), COLLECTION).faults())
