"""What BANG's step costs: turns and medians."""

import pytest

from benchmarks import bang, measuring
from errors import UserError
from storage.model_file import Model


def test_steps_take_turns_and_their_seconds_are_kept():
    seen = []
    steps = {'regular': lambda: seen.append('r'),
             'bang': lambda: seen.append('b')}
    seconds = measuring.in_turns(steps, 4)
    assert ''.join(seen[2 * measuring.WARMING:]) == 'rbbrrbbr'
    assert len(seconds['regular']) == len(seconds['bang']) == 4


def test_ratios_are_those_of_the_rounds():
    figures = measuring.compare({'regular': [.001, .002, .004],
                                 'bang': [.0011, .0024, .004]},
                                'bang', 'regular')
    assert abs(figures['ratio'] - 1.1) < 1e-9
    assert figures['regular_ms'] == 2. and figures['bang_ms'] == 2.4
    assert figures['quartiles'][0] < 1.1 < figures['quartiles'][1]


def test_the_two_trainings_are_the_papers():
    rules = bang.rules('lenet')
    assert rules['regular'] is None
    assert rules['bang'] == (1., .815, 1.)
    assert bang.rules('cifar-quick')['bang'] == (.4, .855, .5)


def model(net, beta):
    return Model('toy', {'architecture': net, 'title': 'toy',
                         'arguments': {'beta': beta}}, {})


def test_weights_are_those_of_both_trainings():
    bang.check('lenet', [])
    bang.check('lenet', [model('lenet', None), model('lenet', 1.)])
    for pair in ([model('lenet', 1.), model('lenet', None)],
                 [model('lenet', None), model('cifar-quick', 1.)]):
        with pytest.raises(UserError, match='expected a model of lenet'):
            bang.check('lenet', pair)
