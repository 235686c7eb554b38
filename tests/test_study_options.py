"""What the options of the studies mean beside one another."""

import argparse

import pytest
from script_runner import load_script

from command_line import given
from errors import UserError
from papers.song.plan import make_plan
from study import session
from study.options import check_alone
from study.settings import FULL
from study.stamp import write_stamp
from study.step import keys_of

SCRIPTS = ('reproduce.py', 'reproduce_bang.py')
STEP = 'models/seed0/std'


@pytest.mark.parametrize('script, words', [
    (script, words) for script in SCRIPTS for words in (
        '--dry-run --tables', '--publish --dry-run', '--tables --publish')
] + [('reproduce.py', '--dry-run --render'),
     ('reproduce.py', '--render --tables')])
def test_one_thing_at_a_time(capsys, script, words):
    with pytest.raises(SystemExit) as end:
        load_script(script).parser().parse_args(words.split())
    assert end.value.code == 2
    assert 'not allowed with argument' in capsys.readouterr().err


@pytest.mark.parametrize('script, words, foreign', [
    (script, words, foreign) for script in SCRIPTS for words, foreign in (
        ('--tables --only a', '--only'), ('--tables --quick', '--quick'),
        ('--tables --data-dir d', '--data-dir'),
        ('--publish --skip a', '--skip'), ('--publish --redo a', '--redo'),
        ('--publish --ledger f', '--ledger'),
        ('--tables --ledger f', None), ('--publish --accept a', None),
        ('--dry-run --only a --skip b --redo c --workers 2', None))
] + [('reproduce.py', '--render --only a', '--only'),
     ('reproduce.py', '--render --accept a', '--accept'),
     ('reproduce.py', '--render --quick --report d --ledger f', None)])
def test_what_means_nothing_is_refused(script, words, foreign):
    options = load_script(script).parser()
    names = given(options, words.split())
    args = options.parse_args(words.split())
    if foreign is None:
        check_alone(args, names)
        return
    with pytest.raises(UserError, match='step: %s means nothing' % foreign):
        check_alone(args, names)


def listed(folder, capsys, **chosen):
    """The lines of steps that --dry-run prints."""
    names = dict(dict.fromkeys(('only', 'skip', 'redo', 'accept'), ()),
                 **chosen)
    paper = session.Paper(make_plan, (), lambda settings: '', None, None)
    session.work(session.Study(
        paper, str(folder), dict(FULL, quick=False), argparse.Namespace(
            dry_run=True, publish=False, **names)))
    return [line for line in capsys.readouterr().out.splitlines()
            if '/' in line]


def test_a_dry_run_lists_what_would_run(tmp_path, capsys):
    steps = make_plan(dict(FULL, quick=False))
    step = next(step for step in steps if step.name == STEP)
    write_stamp(str(tmp_path), step, keys_of(steps, {})[STEP], status='done',
                outcome='finished', results={}, parents={}, seconds=60.,
                resumed=False)
    assert len(listed(tmp_path, capsys)) == len(steps) - 1   # the explorer
    line, = listed(tmp_path, capsys, only=[STEP])
    assert line.split()[:3] == [STEP, 'done', 'took']
    lines = listed(tmp_path, capsys, only=['attacks/seed0/algorithm1-paper'],
                   skip=['*distill'])
    assert [line.split()[0] for line in lines] == [
        STEP, STEP + '-T20', 'attacks/seed0/algorithm1-paper']
    line, = listed(tmp_path, capsys, only=[STEP], redo=['*/std'])
    assert 'missing (by --redo)' in line
    with pytest.raises(UserError, match='none matches nothing'):
        listed(tmp_path, capsys, only=['nothing'])
