"""Parts of documents: replaced between their markers, else refused."""

import pytest

from errors import UserError
from study import readme

BEFORE = 'above\n<!-- one -->\nold\n<!-- end of one -->\nbelow\n'


def test_a_part_is_replaced_and_nothing_else(tmp_path):
    path = tmp_path / 'README.md'
    path.write_text(BEFORE)
    for text in ('new\nlines', r'with \1 and \n', 'old'):
        readme.update(str(path), 'one', text)
        assert path.read_text() == BEFORE.replace('old', text)
        assert readme.between('one', text) in path.read_text()


@pytest.mark.parametrize('content', [
    'no markers', BEFORE + BEFORE, '<!-- one -->\n'])
def test_without_a_pair_of_markers_nothing_is_written(tmp_path, content):
    path = tmp_path / 'README.md'
    path.write_text(content)
    with pytest.raises(UserError, match='expected one <!-- one -->'):
        readme.update(str(path), 'one', 'new')
    assert path.read_text() == content
