"""BANG's chapter says what its ledger says, in every format, and no more."""

import copy
import os
import re

import pytest
from script_runner import ROOT
from test_bang_study import make
from test_reporting import HOSTILE, assert_whole
from toy_bang import records, records_of

import reproduce
from papers.bang import chapter, figures
from papers.bang.finding import finding
from papers.bang.paper import PAPER
from papers.bang.settings import LENET_50000, OF_TABLE_1, QUICK
from reporting import escaping
from reporting.chapters import Sources
from reporting.pages import PAGE, render
from study import session
from study.ledger import read_ledger

SONG = os.path.join(ROOT, 'tests', 'ledger_digits.json')


@pytest.fixture
def ledger():
    return make(records())


def rendered(ledger):
    return render([(chapter.CHAPTER, ledger and Sources(ledger, []))])


def test_every_row_is_in_every_format(ledger):
    files = rendered(ledger)
    page = files[PAGE].decode()
    shown = page[page.index('id="bang-ledger"'):]
    assert shown.count('<tr data-verdict=') == len(ledger['rows']) == 118
    for name, escape in (('report.md', escaping.markdown),
                         ('tables/bang.tex', escaping.latex),
                         (PAGE, escaping.html)):
        text = files[name].decode()
        for row in ledger['rows']:
            assert escape(row['quantity']) in text
            assert escape(row['quoted']) in text
    for sentence in finding(ledger):
        assert str(escaping.html(sentence)) in page
    assert 'R0 (2 seeds)' in files[
        'tables/bang-models-%s.tex' % OF_TABLE_1].decode()


def test_its_figures_are_drawn_and_say_what_they_show(ledger):
    drawn = chapter.figures(Sources(ledger, []))
    assert [drawing.figure is not None for drawing in drawn] == [
        True] * 3 + [False] * 3
    assert len({drawing.name for drawing in drawn}) == 6
    rules, surfaces, noise = [drawing.text for drawing in drawn[:3]]
    assert 'B1, FGS published: 2.0 %' in rules
    assert 'beta 1.6, epsilon 0.84' in surfaces and surfaces.count(
        'beta') == 4
    assert 'regular, standard deviation 100: 20.00 % after 1000' in noise
    colours = [line.get_color() for line in drawn[0].figure.axes[0].lines]
    assert len(set(map(str, colours))) == 5   # four attacks, and the paper


def test_the_surfaces_want_a_grid(ledger):
    line = dict(ledger, grid=ledger['grid'][:2])    # one beta
    drawing = figures.surfaces(Sources(line, []), LENET_50000)
    assert drawing.figure is None and 'not measured yet' in drawing.missing
    for row in ledger['grid']:
        row['attacks'] = None                       # trained, not attacked
    assert figures.surfaces(Sources(ledger, []), LENET_50000).figure


def test_without_a_ledger_the_chapter_says_so(ledger):
    files = rendered(None)
    assert '<code>python reproduce.py bang</code> makes its ledger' in files[
        PAGE].decode()
    assert 'tables/bang.tex' not in files
    assert not any(content for name, content in files.items()
                   if name.startswith('figures/bang'))


def test_without_data_nothing_is_invented(monkeypatch, ledger):
    files = rendered(make(records_of()))
    page = files[PAGE].decode()
    assert 'No model of BANG is attacked yet.' in page
    assert 'id="bang-models' not in page
    assert not any(content for name, content in files.items()
                   if name.startswith('figures/bang'))


def test_the_page_stays_whole(ledger):
    assert_whole(rendered(ledger)[PAGE].decode(), 'bang')


def test_hostile_text_stays_text(ledger):
    ledger = copy.deepcopy(ledger)
    for row in ledger['rows']:
        row.update(quantity=HOSTILE, why=HOSTILE, quoted=HOSTILE,
                   commands=[HOSTILE], place=HOSTILE)
    ledger['study'].update(notice=HOSTILE, name=HOSTILE)
    files = rendered(ledger)
    assert '<script>alert' not in files[PAGE].decode()
    assert not re.search('(?m)^(?!    ).*<script>alert',
                         files['report.md'].decode())
    assert r'\input{' not in files['tables/bang.tex'].decode()


def test_the_ledger_and_its_report_are_written(tmp_path, capsys,
                                               monkeypatch):
    args = reproduce.parser('bang').parse_args(['--quick'])
    study = session.Study(PAPER, str(tmp_path), dict(
        QUICK, quick=True, dataset='digits'), args)
    monkeypatch.setattr(reproduce, 'chapters', lambda: [chapter.CHAPTER])
    reproduce.report(study, [], {})
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith('QUICK STUDY') and 'report.html' in second
    assert read_ledger(PAPER, str(tmp_path / 'ledger.json'))['models'] == []


def test_every_list_is_an_option_as_it_is_told_of():
    args = reproduce.parser('bang').parse_args(['--cifar-betas', '.4', '1'])
    assert args.cifar_betas == [.4, 1.]


def test_the_script_lists_and_complains(scripts):
    out = scripts.succeed('reproduce.py', 'bang', '--dry-run', '--quick',
                          '--out', 'study')
    assert len(re.findall(r'(?m) missing ', out)) == (
        2 * 8 * 2 + 1 + 3 * 2)
    assert out.startswith('QUICK STUDY, NO REPRODUCTION: digits')
    assert not os.path.exists(scripts.path('study'))
    for options, text in (
            (('--only', 'nothing'), 'none matches nothing'),
            (('--publish',), 'expected a study of the paper\'s settings'),
            (('--iterations', 750), 'expected a multiple of 500, or fewer'),
            (('--cifar-iterations', 1500), 'multiple of 1000, or fewer'),
            (('--tables',), '--tables runs no step: --out means nothing')):
        assert text in scripts.fail('reproduce.py', 'bang', '--quick', '--out',
                                    'study', *options)
    assert 'found none' in scripts.fail('reproduce.py', 'bang', '--tables',
                                        '--ledger', 'none.json')
    assert 'expected finished steps to publish' in scripts.fail(
        'reproduce.py', 'bang', '--publish', '--out', 'full')


def test_a_study_leaves_a_folder_of_something_else_alone(scripts):
    with open(scripts.path('running'), 'w') as stream:
        stream.write('theirs')
    line = scripts.fail('reproduce.py', 'bang', '--quick', '--out', '.')
    assert 'a study to continue, found running in it' in line
    with open(scripts.path('running')) as stream:
        assert stream.read() == 'theirs'
