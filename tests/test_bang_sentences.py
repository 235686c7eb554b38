"""What is not reproduced, in words; and what a small study has to say."""

import pytest

from papers.bang.finding import parted, verdict_sentence
from papers.bang.settings import FULL, OPTIONS, QUICK
from reporting.sentences import failures
from study.settings import notice
from study.verdicts import FAILED, REPRODUCED, UNMEASURED


def row(quantity, ours, value=1., unit='score', verdict=FAILED):
    return {'quantity': quantity, 'value': value, 'unit': unit,
            'ours': {'mean': ours}, 'verdict': verdict}


def test_failures_are_told_by_kind_and_side():
    rows = [row('mean PASS of HC1 on B0', 1.25),
            row('mean PASS of HC1 on B1', 1.5),
            row('mean PASS of HC1 on B2', .5),
            row('mean PASS of HC1 on B3', 1.1, verdict=REPRODUCED),
            row('test accuracy of R1', .98, .99, 'percent'),
            row('mean L-infinity of FGS on B4', None, 40., 'levels'),
            row('distortions, B1', .06, .03, 'percent')]
    assert failures({'rows': rows}, parted) == [
        'Not reproduced: '
        'mean PASS of HC1 on B0, B1 (ours higher by 0.250 to 0.500); '
        'mean PASS of HC1 on B2 (ours lower by 0.500); '
        'test accuracy on R1 (ours lower by 1.00 points); '
        'mean L-infinity of FGS on B4 (no success to measure); '
        'distortions, B1 (ours higher by 3.00 points).']


def test_without_failures_there_is_no_such_sentence():
    rows = [row('a on B0', 1., verdict=REPRODUCED),
            dict(row('b', 1., verdict=UNMEASURED), ours=None)]
    assert failures({'rows': rows}, parted) == []
    assert verdict_sentence({'rows': rows}) == (
        'Of the paper\'s 2 numbers: 1 reproduced; 1 not measured '
        'yet.')


@pytest.mark.parametrize('changed, said', [
    ({}, ''), ({'seeds': 1, 'noise_repeats': 5, 'betas': (1.,)}, ''),
    ({'iterations': 9500}, 'SMALL STUDY, NO REPRODUCTION: MNIST, 9500 iter'),
    ({'samples': 10}, 'SMALL STUDY, NO REPRODUCTION: MNIST, 10000 iter'),
    ({'samples': 10000, 'grid_samples': None}, ''),
    ({'grid_samples': 999}, 'SMALL STUDY'), ({'noise_images': 9}, 'SMALL'),
    ({'dataset': 'digits'}, 'SMALL STUDY, NO REPRODUCTION: digits'),
    ({'iterations': 20000}, 'OTHER STUDY, NO REPRODUCTION: MNIST, 20000'),
    (dict(QUICK, quick=True), 'QUICK STUDY, NO REPRODUCTION: MNIST, 300')])
def test_a_study_of_other_settings_says_so(changed, said):
    text = notice(OPTIONS, dict(dict(FULL, quick=False), **changed))
    assert text.startswith(said) and bool(text) == bool(said)
