"""No bit of a result changes: see golden.py, which says how to record."""

import json
import os

import golden
import pytest
from script_runner import ROOT

from papers.registry import PAPERS, declaration
from study.ledger import make_ledger

needs_mnist = pytest.mark.skipif(
    not os.environ.get('MNIST_DIR'),
    reason='THE REAL MNIST IS UNTESTED: set $MNIST_DIR to its four files')


@pytest.mark.slow
@needs_mnist
@pytest.mark.parametrize('group', golden.groups())
def test_the_bits_are_those_recorded(tmp_path, group):
    recorded = golden.of_group(golden.read(), group)
    if recorded is None:
        pytest.skip('NO BITS ARE RECORDED of this kind of machine, %s: run '
                    'python tests/golden.py --record with a version whose '
                    'bits are right' % golden.kind())
    assert golden.compute(group, str(tmp_path)) == recorded


@pytest.mark.slow
def test_the_tables_of_results_are_those_recorded(tmp_path):
    recorded = golden.of_group(golden.read(), golden.RESULTS)
    assert golden.compute(golden.RESULTS, str(tmp_path)) == recorded, (
        'if results/ changed: python tests/golden.py --record results')


@pytest.fixture(params=PAPERS)
def ledgers(request):
    """A published ledger, and what is made anew of the files beside it."""
    paper = declaration(request.param)
    folder = os.path.join(ROOT, paper.options.folder)
    with open(os.path.join(folder, 'ledger.json'), 'rb') as stream:
        published = json.load(stream)
    steps = paper.make_plan(published['study']['settings'])
    known = json.dumps(published)
    states = {step.name: 'done' if json.dumps(step.command) in known and any(
        os.path.exists(os.path.join(folder, step.name, name))
        for name in ('run.json', 'attack.json', 'noise.json')) else 'missing'
        for step in steps}
    made = make_ledger(paper, published['study'], folder, steps, states)
    return published, json.loads(json.dumps(made))


def test_the_ledger_is_that_of_the_published_files(ledgers):
    """Less the sweep, whose models and attacks are not published.

    Files may be published before a ledger counts them: steps of which it
    has no command are left out. Its last bits are of another processor.
    """
    published, made = ledgers
    assert set(made) == set(published)
    for ledger in ledgers:
        del ledger['study']['steps']
        ledger.pop('sweep', None)
        for line in ledger.get('checklist', ()):
            if line['id'] == 'recorded':    # counts the sweep's attacks, too
                del line['evidence']
    made, published = leaves(made), leaves(published)
    assert made.keys() == published.keys()
    assert {name: (made[name], value) for name, value in published.items()
            if not alike(made[name], value)} == {}


def alike(made, published):
    """Whether two numbers are equal but for rounding, or else the same."""
    if isinstance(made, float) and isinstance(published, float):
        return made == pytest.approx(published, rel=1e-12)
    return made == published


def leaves(value, name=''):
    """Numbers and texts of nested dicts and lists, by their places."""
    if not isinstance(value, (dict, list)):
        return {name: value}
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found = {name: len(value)}
    for key, part in pairs:
        found.update(leaves(part, '%s/%s' % (name, key)))
    return found
