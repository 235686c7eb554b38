"""The report's chapter says what its ledger says, in every format."""

import copy
import os
import re

import pytest
import toy_smooth as toy
from test_reporting import HOSTILE, assert_whole
from test_smooth_study import FULL_SETTINGS, SMALL, make

import reproduce
from papers.smooth import chapter, tables
from papers.smooth.finding import NOTHING, finding
from papers.smooth.paper import PAPER
from papers.smooth.plan import CONTROL, RISING
from papers.smooth.settings import CIFAR, PARTS, SVHN
from reporting import escaping
from reporting.chapters import Sources
from reporting.pages import PAGE, render
from study import session
from study.ledger import read_ledger


@pytest.fixture(scope='module')
def ledger():
    return make(toy.records())


def rendered(ledger):
    return render([(chapter.CHAPTER, ledger and Sources(ledger, []))])


@pytest.fixture(scope='module')
def files(ledger):
    return rendered(ledger)


def test_every_row_is_in_every_format(ledger, files):
    page = files[PAGE].decode()
    shown = page[page.index('id="smooth-ledger"'):]
    assert shown.count('<tr data-verdict=') == len(ledger['rows']) == 85
    for name, escape in (('report.md', escaping.markdown),
                         ('tables/smooth.tex', escaping.latex),
                         (PAGE, escaping.html)):
        text = files[name].decode()
        for row in ledger['rows']:
            assert escape(row['quantity']) in text
            assert escape(row['quoted']) in text
    for row in ledger['rows']:
        for name, escape in (('report.md', escaping.markdown),
                             (PAGE, escaping.html)):
            text = files[name].decode()
            assert escape(row['why']) in text
            assert escape(row.get('note', '')) in text
    for sentence in finding(ledger):
        assert str(escaping.html(sentence)) in page
    assert 'Adv (2 seeds)' in files[
        'tables/smooth-models-cifar10.tex'].decode()


def test_the_width_is_said_wherever_a_network_is(ledger, files):
    for name in ('report.md', PAGE):
        text = files[name].decode()
        assert 'networks of width 16' in text
        assert 'report’s networks have 64' in text or (
            'report\'s networks have 64' in text)
    drawn = chapter.figures(Sources(ledger, []))
    for drawing in drawn:
        if drawing.figure is None:
            continue
        shown = [axes.get_title() or ' '.join(
            label.get_text() for label in axes.get_yticklabels())
            for axes in drawing.figure.axes if axes.axison]
        assert all('width 16' in text for text in shown)
    for name, one in tables.all_tables(ledger).items():
        if one.rows and ('models' in name or 'parts' in name):
            assert 'of width 16' in one.caption


def test_its_figures_are_drawn_and_say_what_they_show(ledger):
    drawn = {drawing.name: drawing for drawing
             in chapter.figures(Sources(ledger, []))}
    assert list(drawn) == ['smooth-%s-%s' % (what, part) for part in PARTS
                           for what in ('curves', 'parts')]
    assert {name for name, one in drawn.items() if one.figure} == {
        'smooth-curves-cifar10', 'smooth-parts-cifar10'}
    curves = drawn['smooth-curves-cifar10']
    panels = [axes for axes in curves.figure.axes if axes.axison]
    assert [axes.get_title().partition(',\nwidth')[0] for axes in panels] == [
        'Vanilla', 'Adv', RISING, CONTROL]
    assert 'Adv, width 16: clean 91.5 %' in curves.text
    for axes in panels:
        low, high = axes.get_xlim()
        assert low > high                      # weak attacks to the left
        labels = axes.get_legend_handles_labels()[1]
        assert labels[:3] == ['all attacks', 'FGSM, as published',
                              'cumulative']
    crosses = next(line for line in panels[2].lines
                   if line.get_label() == 'the report\'s (SVHN, width 64)')
    assert list(zip(*crosses.get_data())) == [
        (62, 97.25), (50, 94.43), (45, 95.59), (40, 96.49), (33, 96.45)]
    cumulative = panels[3].lines[2].get_ydata()
    assert list(cumulative) == sorted(cumulative, reverse=True)
    assert 'Adv, width 16: the network 78.0' in drawn[
        'smooth-parts-cifar10'].text
    missing = drawn['smooth-curves-svhn'].missing
    assert 'not measured yet' in missing and '--device cuda0' in missing


def test_the_tables_set_ours_beside_theirs(ledger):
    text = tables.markdown(ledger)
    assert '| Vanilla | – [97.87] | – [95.57] |' in text
    assert ('| Vanilla (2 seeds) | 98.00 | 91.60 | 91.50 | 85.00 | 78.00 '
            '| 70.00 | 50.00 | 50.00 | 45.00 | 70.00 | 90.00 | 45.00 '
            '| 0.30 |') in text
    assert ('| %s (seed 0) | 98.00 | 0.00 | 47.00 |' % CONTROL) in text
    line = next(line for line in text.splitlines()
                if line.startswith('| %s (seed 0) | 98.00' % CONTROL))
    assert line.endswith('| no | 50, 45, 40, 33, 25 | 50, 45, 40, 33, 25 | '
                         '60 to 33 |')
    assert '| CIFAR-10, width 16 | label leaking | excluded |' in text
    measured = make(toy.records_of(
        [toy.training('Vanilla', seed, 9780 + 10 * seed, part=SVHN)
         for seed in (0, 1)]))
    assert '| Vanilla | 97.85 ± 0.07 [97.87] | – [95.57] |' in (
        tables.markdown(measured))


def test_a_quick_study_says_so_first():
    text = tables.markdown(make(toy.records(), SMALL))
    assert text.startswith('**QUICK STUDY, NO REPRODUCTION: CIFAR-10, ')
    assert 'of width 4 and 8 blocks' in text


def test_without_a_ledger_the_chapter_says_so():
    files = rendered(None)
    assert '<code>python reproduce.py smooth</code> makes its ledger' in (
        files[PAGE].decode())
    assert 'tables/smooth.tex' not in files


def test_without_data_nothing_is_invented():
    files = rendered(make(toy.records_of()))
    page = files[PAGE].decode()
    assert str(escaping.html(NOTHING)) in page
    assert 'id="smooth-models' not in page and 'id="smooth-parts' not in page
    assert page.count('Not run here: needs') >= 85
    assert not any(content for name, content in files.items()
                   if name.startswith('figures/smooth'))


def test_the_page_stays_whole(files):
    assert_whole(files[PAGE].decode(), 'smooth')


def test_hostile_text_stays_text(ledger):
    ledger = copy.deepcopy(ledger)
    for row in ledger['rows']:
        row.update(quantity=HOSTILE, why=HOSTILE, quoted=HOSTILE,
                   commands=[HOSTILE], place=HOSTILE, note=HOSTILE)
    for row in ledger['models']:
        row['row'] = HOSTILE
    for one in ledger['explanations']:
        one['evidence'] = HOSTILE
    ledger['study'].update(notice=HOSTILE, name=HOSTILE)
    files = rendered(ledger)
    assert '<script>alert' not in files[PAGE].decode()
    assert not re.search('(?m)^(?!    ).*<script>alert',
                         files['report.md'].decode())
    assert r'\input{' not in files['tables/smooth.tex'].decode()


def test_the_ledger_and_its_report_are_written(tmp_path, capsys,
                                               monkeypatch):
    args = reproduce.parser('smooth').parse_args(['--quick'])
    study = session.Study(PAPER, str(tmp_path), dict(SMALL), args)
    monkeypatch.setattr(reproduce, 'chapters', lambda: [chapter.CHAPTER])
    reproduce.report(study, [], {})
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith('QUICK STUDY') and 'report.html' in second
    assert read_ledger(PAPER, str(tmp_path / 'ledger.json'))['models'] == []


def test_the_script_lists_and_complains(scripts):
    out = scripts.succeed('reproduce.py', 'smooth', '--dry-run', '--quick',
                          '--out', 'study')
    assert len(re.findall(r'(?m) missing ', out)) == 10
    assert out.startswith('QUICK STUDY, NO REPRODUCTION: CIFAR-10, 3 epochs')
    assert not os.path.exists(scripts.path('study'))
    for options, text in (
            (('--only', 'svhn/*'), 'none matches svhn/*'),
            (('--publish',), 'expected a study of the paper\'s settings'),
            (('--tables',), '--tables runs no step: --out means nothing')):
        assert text in scripts.fail('reproduce.py', 'smooth', '--quick',
                                    '--out', 'study', *options)
    assert 'found none' in scripts.fail('reproduce.py', 'smooth', '--tables',
                                        '--ledger', 'none.json')


@pytest.mark.parametrize('words, text', [
    ('--parts mnist', 'expected one of cifar10, svhn, tiny-imagenet, got'),
    ('--blocks 9', 'argument --blocks: expected one of 8, 10, got \'9\''),
    ('--dataset digits', 'invalid choice: \'digits\''),
    ('--width 0', 'argument --width: expected a whole number of 1 or more')])
def test_what_cannot_be_chosen_is_one_line(capsys, words, text):
    with pytest.raises(SystemExit) as end:
        reproduce.parser('smooth').parse_args(words.split())
    assert end.value.code == 2
    assert text in capsys.readouterr().err.splitlines()[-1]


def test_the_published_ledger_claims_nothing():
    published = read_ledger(PAPER, os.path.join(
        os.path.dirname(reproduce.__file__), PAPER.options.ledger))
    assert published['study']['settings'] == dict(
        FULL_SETTINGS, parts=[CIFAR], blocks=[8])
    for row, quote in zip(published['rows'], PAPER.quotes):
        assert (row['id'], row['quoted']) == (quote.id, quote.quoted)
        assert row['ours'] is not None or row['why'].startswith('Not run')
