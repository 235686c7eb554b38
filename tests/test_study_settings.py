"""A study's settings, and the command that continues it."""

import pytest

from command_line import given
from errors import UserError
from papers.registry import PAPERS, declaration
from reproduce import parser
from study.settings import command, notice, settle, usual_name


def settings_of(name, *words):
    """What a command line asks for."""
    made = parser(name)
    return settle(declaration(name).options, made.parse_args(words),
                  given(made, words))


@pytest.mark.parametrize('name, words, folder', [
    ('song', '', 'paper'), ('song', '--quick', 'quick-digits'),
    ('song', '--dataset digits', 'digits'),
    ('song', '--quick --dataset mnist --epochs 1', 'quick-mnist'),
    ('song', '--sweep-epochs 10 --samples4 50', 'paper'),
    ('song', '--epochs 20', 'paper'),
    ('song', '--epochs 20 --temperatures 1 2.5', 'mine'),
    ('bang', '', 'bang'), ('bang', '--quick', 'bang-quick-digits'),
    ('bang', '--dataset digits', 'bang-digits'),
    ('bang', '--noise-repeats 5', 'bang'),
    ('bang', '--betas 1 1.3 --samples 50', 'mine'),
    ('smooth', '', 'smooth'), ('smooth', '--quick', 'smooth-quick-cifar10'),
    ('smooth', '--parts cifar10 svhn --blocks 8 10', 'smooth'),
    ('smooth', '--width 8 --limit-train 100', 'mine')])
def test_the_command_that_continues_asks_for_the_same(name, words, folder):
    settings = settings_of(name, *words.split())
    paper = declaration(name)
    text = command(paper, {
        'name': folder, 'quick': settings['quick'],
        'dataset': settings['dataset'], 'settings': settings})
    ours = text.split()[1 + len(paper.command.split()):]
    if folder == 'mine':
        assert ours[-2:] == ['--out', 'studies/mine']
        ours = ours[:-2]
    else:
        assert folder == usual_name(paper.options, settings['quick'],
                                    settings['dataset'])
    assert sorted(ours) == sorted(words.split())
    assert settings_of(name, *ours) == settings
    assert text.startswith('python ' + paper.command)


def test_a_setting_follows_another_unless_it_is_given():
    assert settings_of('song', '--epochs', '7')['sweep_epochs'] == 7
    assert settings_of('song', '--epochs', '7', '--sweep-epochs', '3')[
        'sweep_epochs'] == 3
    assert settings_of('song', '--temperatures', '5', '1', '5')[
        'temperatures'] == [1, 5]
    with pytest.raises(UserError, match='expected a multiple of 500'):
        settings_of('bang', '--iterations', '750')


@pytest.mark.parametrize('name', PAPERS)
def test_an_old_ledger_without_settings_has_a_command(name):
    paper = declaration(name)
    assert command(paper, {'name': paper.options.study, 'quick': False,
                           'dataset': paper.options.datasets[0]}) == (
                               'python ' + paper.command)
    assert notice(paper.options, settings_of(name)) == ''
