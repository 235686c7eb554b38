"""Every command that results/ and weights/ record is one that we take."""

import functools
import glob
import json
import os
import re
import shlex

import pytest
from script_runner import ROOT, load_script

#: Recorded when names with spaces were not quoted yet.
UNQUOTED = 'python benchmarks/speed.py --only train --rounds 25 --contenders'
COMMAND = re.compile(r'python [\w./]+\.py[^\n`]*')


def texts(value):
    """All texts of nested lists and dicts."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


def recorded():
    """Commands by the script that they run."""
    found = {}
    for path in [path for folder in ('results', 'weights')
                 for ending in ('json', 'md', 'txt')
                 for path in glob.glob(os.path.join(
                     ROOT, folder, '**', '*.' + ending), recursive=True)]:
        with open(path, encoding='utf-8') as stream:
            content = (json.load(stream) if path.endswith('.json')
                       else stream.read())
        for command in COMMAND.findall('\n'.join(texts(content))):
            if not command.startswith(UNQUOTED):
                found.setdefault(command.split()[1], set()).add(command)
    return {script: sorted(commands)
            for script, commands in sorted(found.items())}


COMMANDS = recorded()


@functools.lru_cache(maxsize=None)
def module(script):
    return load_script(script)


def test_there_are_commands_of_every_kind():
    kinds = {script for script in COMMANDS if os.sep not in script}
    assert kinds >= {'mnist_cnn.py', 'distill.py', 'test1.py', 'test2.py',
                     'test3.py', 'test4.py', 'explore.py', 'bang.py',
                     'attack_bang.py', 'noise_bang.py'}
    assert sum(map(len, COMMANDS.values())) > 100


@pytest.mark.parametrize('script', COMMANDS)
def test_the_script_takes_them(script):
    for command in COMMANDS[script]:
        words = shlex.split(command)[2:]
        if script.startswith('reproduce'):
            reproduce = module('reproduce.py')
            name, words = reproduce.split(
                ['bang'] * script.endswith('_bang.py') + words)
            parser = reproduce.parser(name)
        else:
            parser = module(script).parser()
        try:
            parser.parse_args(words)
        except SystemExit:
            pytest.fail('%s is recorded, and refused' % command)
