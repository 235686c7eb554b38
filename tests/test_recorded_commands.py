"""Commands recorded in results/ and weights/ still mean what they meant."""

import functools
import json
import os
import shlex
import subprocess

import pytest
from script_runner import ROOT, load_script

#: Left to the script where the user says nothing, and settled by the data.
SETTLED = {'batch_size', 'samples'}


def recorded():
    """(command, the file's content, its path) of every command there."""
    paths = subprocess.run(
        ['git', 'ls-files', 'results/*.json', 'weights/*.json'], cwd=ROOT,
        check=True, stdout=subprocess.PIPE).stdout.decode().split()
    for path in paths:
        with open(os.path.join(ROOT, path), encoding='utf-8') as stream:
            content = json.load(stream)
        for command in commands_of(content):
            yield command, content, path


def commands_of(value):
    """All commands within some JSON."""
    if isinstance(value, list):
        return [command for item in value for command in commands_of(item)]
    if not isinstance(value, dict):
        return []
    found = [command for name, item in value.items()
             if name in ('command', 'commands')
             for command in ([item] if isinstance(item, str) else item or [])
             if isinstance(command, str)]
    return found + [command for item in value.values()
                    for command in commands_of(item)]


@functools.lru_cache(maxsize=None)
def parser(script):
    """The options of a script of ours."""
    return load_script(script).parser()


@functools.lru_cache(maxsize=None)
def parsed(command):
    """What a command's script makes of it; leaves if it refuses."""
    python, script, *words = shlex.split(command)
    assert python == 'python', command
    return vars(parser(script).parse_args(words))


def test_every_recorded_command_is_one_of_todays_scripts(capsys):
    refused, count = [], 0
    for command, _, path in recorded():
        count += 1
        try:
            parsed(command)
        except (SystemExit, OSError) as error:
            refused.append((path, command, error, capsys.readouterr().err))
    assert not refused
    assert count > 300


def test_they_ask_for_what_their_results_say():
    compared = 0
    for command, content, path in recorded():
        said = content.get('arguments') or content.get('identity', {}).get(
            'arguments')
        if content.get('command') != command or not said:
            continue
        asked = parsed(command)
        for name in set(asked) & set(said) - SETTLED:
            if asked[name] is not None or said[name] is None:
                assert asked[name] == said[name], (path, name)
                compared += 1
    assert compared > 1000


@pytest.mark.parametrize('command', [
    'python mnist_cnn.py --temprature 20', 'python test1.py --samples -1',
    'python bang.py --model B9', 'python gone.py'])
def test_a_command_that_means_nothing_is_noticed(command, capsys):
    with pytest.raises((SystemExit, OSError)):
        parsed(command)
