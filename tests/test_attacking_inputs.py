"""What models are called."""

import os
from types import SimpleNamespace
from unittest.mock import patch

from attacking.inputs import find_models


def names(*paths):
    model = SimpleNamespace(dataset='digits')
    with patch('attacking.inputs.load_model', return_value=model):
        return list(find_models(paths, (), None))


def test_a_model_is_called_by_the_last_part_of_its_path():
    assert names('runs/std', 'runs/hot/weights.npz') == ['std', 'hot']
    assert names('a/std', 'b/std') == ['a/std', 'b/std']


def test_a_name_that_is_no_utf_8_can_be_written_and_drawn():
    raw = os.fsdecode(b'caf\xe9')
    assert names('runs/' + raw, 'runs/café') == [r'caf\xe9', 'café']
    assert names('a/' + raw, 'b/' + raw) == [r'a/caf\xe9', r'b/caf\xe9']
