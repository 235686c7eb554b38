"""Every option of every script: what no value of it can be is refused."""

import glob
import os
import re
import subprocess
import sys

import pytest
from script_runner import ROOT, load_script, write_foreign_modules

from command_line import MOST
from papers.registry import PAPERS


def scripts():
    """Paths of all that have a command line, relative to the checkout."""
    found = []
    for folder in (ROOT, os.path.join(ROOT, 'benchmarks')):
        for path in glob.glob(folder + '/*.py'):
            with open(path, encoding='utf-8') as stream:
                if re.search('(?m)^(def parser\\(|parser, main = )',
                             stream.read()):
                    found.append(os.path.relpath(path, ROOT))
    return sorted(found)


def command_lines():
    """(script, further names) of each; reproduce.py has one a paper."""
    return [(script, (paper,) * bool(paper)) for script in scripts()
            for paper in (PAPERS if script == 'reproduce.py' else (None,))]


def actions(parser):
    """What of a command line takes a value."""
    return [action for action in parser._actions if action.nargs != 0]


def refused(parser, action, value, capsys):
    """What is said of a value that has to be a usage error."""
    count = action.nargs if isinstance(action.nargs, int) else 1
    with pytest.raises(SystemExit) as end:
        parser.parse_args(action.option_strings[-1:] + count * [value])
    assert end.value.code == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert (action.option_strings or [action.metavar])[-1] in line
    assert len(line) < 250
    return line


@pytest.mark.parametrize('script, names', command_lines())
def test_each_runs_the_code_beside_it(script, names, tmp_path):
    """Not what lies in the current folder, nor only if Python looks there."""
    write_foreign_modules(tmp_path)
    settings = dict(os.environ, PYTHONSAFEPATH='1')
    settings.pop('PYTHONPATH', None)
    out = subprocess.run(
        [sys.executable, os.path.join(ROOT, script), *names, '--help'],
        cwd=str(tmp_path), env=settings, check=True, capture_output=True,
        text=True).stdout
    assert out.startswith('usage: %s ' % os.path.basename(script))


def test_all_scripts_are_looked_at():
    assert len(scripts()) >= 24


@pytest.mark.parametrize('script, names', command_lines())
def test_an_empty_value_is_a_usage_error(script, names, capsys):
    parser = load_script(script).parser(*names)
    for action in actions(parser):
        line = refused(parser, action, '', capsys)
        assert "''" in line or 'got an empty one' in line


@pytest.mark.parametrize('script, names', command_lines())
@pytest.mark.parametrize('value', [str(MOST + 1), '1' + '0' * 24, '9' * 5000])
def test_no_whole_number_is_without_bounds(script, names, value, capsys):
    parser = load_script(script).parser(*names)
    for action in actions(parser):
        if getattr(action.type, '__qualname__', '').startswith('whole.'):
            if action.dest == 'seed' and value == str(MOST + 1):
                continue
            assert 'expected a whole number' in refused(
                parser, action, value, capsys)


def test_the_bound_is_said(capsys):
    parser = load_script('noise_bang.py').parser()
    action = parser._option_string_actions['--repeats']
    assert ('expected a whole number from 1 to 1000000000, got \'1000000001\''
            in refused(parser, action, str(MOST + 1), capsys))
