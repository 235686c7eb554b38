"""What the options of the studies mean beside one another."""

import re

import pytest

from command_line import given
from errors import UserError
from papers.registry import PAPERS, settings
from papers.song.paper import PAPER
from papers.song.plan import make_plan
from papers.song.settings import FULL
from reproduce import parser, split
from study import session
from study.options import check_alone
from study.stamp import write_stamp
from study.step import codes_of, keys_of

STEP = 'models/seed0/std'


@pytest.mark.parametrize('name', PAPERS)
@pytest.mark.parametrize('words', [
    '--dry-run --tables', '--publish --dry-run', '--tables --publish',
    '--dry-run --render', '--render --tables'])
def test_one_thing_at_a_time(capsys, name, words):
    with pytest.raises(SystemExit) as end:
        parser(name).parse_args(words.split())
    assert end.value.code == 2
    assert 'not allowed with argument' in capsys.readouterr().err


@pytest.mark.parametrize('name', PAPERS)
@pytest.mark.parametrize('words, foreign', [
    ('--tables --only a', '--only'), ('--tables --quick', '--quick'),
    ('--tables --data-dir d', '--data-dir'),
    ('--publish --skip a', '--skip'), ('--publish --redo a', '--redo'),
    ('--publish --fresh', '--fresh'), ('--publish --ledger f', '--ledger'),
    ('--tables --ledger f', None), ('--publish --accept a', None),
    ('--dry-run --only a --skip b --redo c --workers 2 --fresh', None),
    ('--render --only a', '--only'), ('--render --accept a', '--accept'),
    ('--render --quick --report d --ledger f', None)])
def test_what_means_nothing_is_refused(name, words, foreign):
    options, words = parser(name), words.split()
    names = given(options, words)
    args = options.parse_args(words)
    if foreign is None:
        check_alone(args, names)
        return
    with pytest.raises(UserError, match='step: %s means nothing' % foreign):
        check_alone(args, names)


@pytest.mark.parametrize('words, paper, known', [
    ('', 'song', True), ('--seeds 3', 'song', True), ('song', 'song', True),
    ('bang', 'bang', True), ('bang --grid-samples 5', 'bang', True),
    ('--grid-samples 5', 'song', False), ('bang --epochs 5', 'bang', False),
    ('--seeds 3 bang', 'song', False), ('other', 'song', False),
    ('smooth --width 8 --parts svhn', 'smooth', True)])
def test_a_paper_comes_first_and_has_options_of_its_own(words, paper, known,
                                                        capsys):
    name, words = split(words.split())
    assert name == paper
    if known:
        assert parser(name).parse_args(words).paper == paper
        return
    with pytest.raises(SystemExit):
        parser(name).parse_args(words)
    assert 'unrecognized arguments: ' in capsys.readouterr().err


@pytest.mark.parametrize('name', PAPERS)
def test_every_option_is_a_setting_and_says_the_papers_value(name):
    options = settings(name).OPTIONS
    text = re.sub(r'\s+', ' ', parser(name).format_help())
    for one, default, about in options.counts:
        assert '%s (default: %s;' % (about, default) in text
        assert one in options.full
    for known in [options.full] + list(options.quick.values()):
        assert set(options.names) <= set(known) == set(options.full)
    assert set(options.may_change) <= set(options.names)


def listed(folder, capsys, *words):
    """The lines of steps that --dry-run prints."""
    args = parser('song').parse_args(['--dry-run', '--fresh'] + list(words))
    session.work(session.Study(PAPER, str(folder), dict(FULL, quick=False),
                               args), None)
    return [line for line in capsys.readouterr().out.splitlines()
            if '/' in line]


def test_a_dry_run_lists_what_would_run(tmp_path, capsys):
    steps = make_plan(dict(FULL, quick=False))
    step = next(step for step in steps if step.name == STEP)
    keys = keys_of(steps, codes_of(steps), {})
    write_stamp(str(tmp_path), step, keys[STEP], status='done',
                outcome='finished', results={}, parents={}, seconds=60.,
                resumed=False)
    assert len(listed(tmp_path, capsys)) == len(steps) - 1   # the explorer
    line, = listed(tmp_path, capsys, '--only', STEP)
    assert line.split()[:3] == [STEP, 'done', 'took']
    lines = listed(tmp_path, capsys, '--only',
                   'attacks/seed0/algorithm1-paper', '--skip', '*distill')
    assert [line.split()[0] for line in lines] == [
        STEP, STEP + '-T20', 'attacks/seed0/algorithm1-paper']
    line, = listed(tmp_path, capsys, '--only', STEP, '--redo', '*/std')
    assert 'missing (by --redo)' in line
    with pytest.raises(UserError, match='none matches nothing'):
        listed(tmp_path, capsys, '--only', 'nothing')
