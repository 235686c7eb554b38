"""The report says what the ledger says, in every format, and no more."""

import copy
import html.parser
import json
import os
import re
import shutil

import pytest
from script_runner import ROOT
from toy_explorer import write_toy_explorer

from errors import UserError
from papers.song import finding
from papers.song.chapter import CHAPTER, Beside
from papers.song.figures import curves, maps
from papers.song.finding import ARTEFACT, NONE, REAL, UNKNOWN
from papers.song.paper import PAPER
from papers.song.plan import make_plan
from papers.song.settings import FULL
from reporting import escaping, pages
from reporting.chapters import Sources, gather
from reporting.pages import PAGE, render, write_files, write_report
from storage.atomic import write_json
from study.ledger import make_ledger, read_ledger

DIGITS = os.path.join(ROOT, 'tests', 'ledger_digits.json')
HOSTILE = '</script><script>alert(1)</script>|a\nb\\input{x}$_%&#^~"\''


@pytest.fixture(scope='module')
def study(tmp_path_factory):
    """A study's folder: a ledger, recorded attacks, one history."""
    folder = tmp_path_factory.mktemp('study')
    shutil.copy(DIGITS, str(folder / 'ledger.json'))
    write_toy_explorer(str(folder / 'explorer'))
    model = folder / 'models' / 'seed0' / 'std'
    model.mkdir(parents=True)
    shutil.copy(os.path.join(ROOT, 'results', 'models', 'seed0', 'std',
                             'run.json'), str(model))
    (model / 'history.json').write_text(json.dumps({'epochs': [
        {'epoch': 1, 'cross_entropy': 2., 'validation_accuracy': .3},
        {'epoch': 2, 'cross_entropy': .5, 'validation_accuracy': .9}]}))
    return str(folder)


@pytest.fixture(scope='module')
def files(study):
    return render([(CHAPTER, few(gather(CHAPTER, os.path.join(
        study, 'ledger.json'), study)))])


def few(sources):
    """The same with one algorithm's curves: drawing them takes time."""
    return sources._replace(ledger=dict(sources.ledger, arithmetic=[
        row for row in sources.ledger['arithmetic']
        if row['algorithm'] == 2]))


def empty_ledger():
    """That of a study of which nothing is done."""
    settings = dict(FULL, quick=False)
    steps = make_plan(settings)
    return make_ledger(
        PAPER, {'name': 'paper', 'dataset': 'mnist', 'quick': False,
                'notice': '', 'settings': settings, 'code': {}}, '.', steps,
        {step.name: 'missing' for step in steps})


@pytest.fixture(scope='module')
def empty():
    return render([(CHAPTER, Sources(empty_ledger(), [], Beside()))])


class Tags(html.parser.HTMLParser):
    """All tags of a page with their attributes, and text of headings."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def assert_whole(page, chapter):
    """Identifiers are unique, headings in order, links have targets."""
    tags = Tags(page).found
    identifiers = [attributes['id'] for _, attributes in tags
                   if 'id' in attributes]
    assert len(set(identifiers)) == len(identifiers)
    levels = [int(tag[1]) for tag, _ in tags if re.match('h[1-6]$', tag)]
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:]))
    targets = {attributes['href'][1:] for tag, attributes in tags
               if tag == 'a' and attributes.get('href', '').startswith('#')}
    assert targets <= set(identifiers) and chapter in targets


def made_ledger(hot32, exact, std=900, total=1000):
    """A ledger of Algorithm 2 alone: successes on M_std-T and M_std."""
    from metrics.proportions import wilson
    rows = []
    for model, arithmetic, count in (
            ('std', 'float32', std), ('std', 'logodds', std),
            ('std-T20', 'float32', hot32), ('std-T20', 'logodds', exact)):
        low, high = wilson(count, total)
        rows.append({'model': model, 'arithmetic': arithmetic,
                     'algorithm': 2, 'variant': 'paper', 'count': count,
                     'total': total, 'low': low, 'high': high,
                     'all_zero': 0})
    return {'arithmetic': rows, 'rows': [], 'checklist': []}


def test_without_data_nothing_is_invented(empty):
    page = empty[PAGE].decode()
    assert finding.UNMEASURED_SENTENCE in page
    assert '<figcaption id' not in page and 'explorer-data' not in page
    assert not any(content for name, content in empty.items()
                   if name.startswith('figures/'))
    for text in ('Success against T: not measured yet',
                 'Learning curves: no history', 'No attack is recorded'):
        assert text in page
    assert b'not measured yet' in empty['tables/sweep.tex']
    assert 'not measured yet' in empty['report.md'].decode()


def test_every_row_of_the_ledger_is_in_every_format(files):
    ledger = read_ledger(PAPER, DIGITS)
    page = files[PAGE].decode()
    assert page.count('<tr data-verdict=') == len(ledger['rows'])
    for name, escape in (('report.md', escaping.markdown),
                         ('tables/ledger.tex', escaping.latex),
                         (PAGE, escaping.html)):
        text = files[name].decode()
        assert escape(ledger['study']['notice']) in text
        for row in ledger['rows']:
            assert escape(row['quantity']) in text
            assert escape(row['quoted']) in text


def test_equal_sources_give_equal_bytes(study, files):
    chapter = CHAPTER._replace(figures=lambda sources: [
        curves.budget(sources), maps.drawings(sources)[0]])

    def again():
        return render([(chapter, few(gather(chapter, os.path.join(
            study, 'ledger.json'), study)))])

    first = again()
    for name in first:
        if name.startswith(('figures/', 'tables/')):
            assert first[name] == files[name], name
    assert again() == first
    assert len(files[PAGE]) < 5e6
    assert not re.search(rb'20\d\d-\d\d-\d\dT', files['figures/budget.svg'])


@pytest.mark.parametrize('name', ['files', 'empty'])
def test_the_page_loads_nothing(name, request):
    page = request.getfixturevalue(name)[PAGE].decode()
    for tag, attributes in Tags(page).found:
        for attribute in ('src', 'href', 'xlink:href', 'data', 'srcset',
                          'action'):
            value = attributes.get(attribute, '')
            if tag == 'a' or value.startswith(('#', 'data:')):
                continue
            assert not value, (tag, attribute, value[:80])
    style = re.search('(?s)<style>.*?</style>', page).group()
    assert '@import' not in style and 'url(' not in style
    assert not re.search(r'\b(fetch|XMLHttpRequest|importScripts)\b', page)


def test_the_page_is_whole_for_who_cannot_see_it(files):
    tags = Tags(files[PAGE].decode()).found
    levels = [int(tag[1]) for tag, _ in tags if re.match('h[1-6]$', tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:]))
    identifiers = [attributes['id'] for _, attributes in tags
                   if 'id' in attributes]
    assert len(set(identifiers)) == len(identifiers)
    assert all('aria-label' in attributes or 'aria-hidden' in attributes
               for tag, attributes in tags if tag == 'canvas')
    drawings = [attributes for _, attributes in tags
                if attributes.get('class') == 'drawing']
    assert drawings and all(len(attributes['aria-label']) > 40
                            for attributes in drawings)


def luminance(colour):
    parts = [int(colour[k:k + 2], 16) / 255 for k in (1, 3, 5)]
    parts = [part / 12.92 if part <= .03928 else ((part + .055) / 1.055)
             ** 2.4 for part in parts]
    return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2]


def contrast(one, two):
    light, dark = sorted(map(luminance, (one, two)), reverse=True)
    return (light + .05) / (dark + .05)


def test_colours_contrast_in_both_themes():
    style = pages.engine('html').get_template('report.css').render()
    blocks = [dict(re.findall(r'--([\w-]+): (#\w{6});', block)) for block in
              re.findall(r'(?s):root[^{]*\{(.*?)\}', style)]
    light, system, dark = blocks
    assert system == dark
    for theme in (light, dark):
        for name in set(theme) - {'paper', 'card', 'grid'}:
            for ground in ('paper', 'card'):
                assert contrast(theme[name], theme[ground]) >= 4.5, name


def test_hostile_text_stays_text():
    ledger = copy.deepcopy(read_ledger(PAPER, DIGITS))
    for row in ledger['rows']:
        row.update(quantity=HOSTILE, why=HOSTILE, quoted=HOSTILE,
                   commands=[HOSTILE], place=HOSTILE)
    ledger['study'].update(notice=HOSTILE, name=HOSTILE)
    ledger['checklist'][0].update(question=HOSTILE, evidence=HOSTILE)
    for row in ledger['arithmetic']:
        row['model'] = HOSTILE
    ledger['arithmetic'] = ledger['arithmetic'][:1]
    files = render([(CHAPTER, Sources(ledger, [], Beside()))])
    page, markdown = files[PAGE].decode(), files['report.md'].decode()
    assert '<script>alert' not in page
    assert not re.search('(?m)^(?!    ).*<script>alert', markdown)
    rows = [line for line in markdown.splitlines() if line.startswith('| ')
            and 'alert' in line]
    assert rows and all(not re.search(r'(?<=[^ \\])\|', line)
                        for line in rows)
    for name in ('ledger', 'arithmetic'):
        table = files['tables/%s.tex' % name].decode()
        assert r'\input{' not in table and 'textbackslash{}input' in table


@pytest.mark.parametrize('text, expected', [
    ('10^-3.5 %', r'$10^{-3.5}$ \%'),
    ('a_b & 50 % §3', r'a\_b \& 50 \% \S{}3'),
    ('x\\y\n{z}', r'x\textbackslash{}y \{z\}')])
def test_latex_is_escaped(text, expected):
    assert escaping.latex(text) == expected


@pytest.mark.parametrize('hot, exact, kind, words', [
    (28, 890, ARTEFACT, 'floating-point arithmetic, not the network'),
    (28, 300, REAL, 'a part of the robustness remains'),
    (890, 890, NONE, 'is no defence here')])
def test_the_data_choose_the_finding(hot, exact, kind, words):
    ledger = made_ledger(hot, exact)
    assert finding.finding_kind(finding.headline(ledger)[1]) == kind
    text = ' '.join(finding.finding(ledger))
    assert words in text and '(%d of 1,000)' % hot in text


def test_without_attacks_there_is_no_finding():
    ledger = dict(made_ledger(1, 1), arithmetic=[])
    assert finding.finding_kind(finding.headline(ledger)[1]) == UNKNOWN
    assert finding.finding(ledger) == [finding.UNMEASURED_SENTENCE]
    assert 'not measured yet' in finding.literature(ledger)


def test_figures_without_data_any_more_are_taken_away(
        tmp_path, files, empty):
    folder = str(tmp_path / 'report')
    assert os.path.exists(write_files(folder, files))
    strip = os.path.join(folder, 'figures', 'film-float32.svg')
    assert os.path.exists(strip)
    write_files(folder, empty)
    assert os.listdir(os.path.join(folder, 'figures')) == []


@pytest.mark.parametrize('name, content, text', [
    ('ledger.json', b'{"format": "song2017-ledger/0"}', 'of format'),
    ('explorer/explorer.npz', b'nothing', 'damaged'),
    ('explorer/explorer.json', b'{"format": "x"}', 'recorded attacks of'),
    ('models/seed0/std/history.json', b'[]', 'history of a training')])
def test_bad_input_is_one_line(study, tmp_path, name, content, text):
    folder = str(tmp_path / 'study')
    shutil.copytree(study, folder)
    with open(os.path.join(folder, name), 'wb') as stream:
        stream.write(content)
    with pytest.raises(UserError, match=text) as caught:
        write_report(str(tmp_path / 'report'), [CHAPTER], str(tmp_path), {
            CHAPTER.name: (os.path.join(folder, 'ledger.json'), folder)})
    assert '\n' not in str(caught.value)
    assert not os.path.exists(str(tmp_path / 'report'))


def test_the_script_renders_and_complains(scripts):
    write_json(scripts.path('ledger.json'), empty_ledger())
    out = scripts.succeed('reproduce.py', '--render', '--ledger',
                          'ledger.json', '--report', 'here')
    assert out == 'wrote here/report.html\n'
    with open(scripts.path('file'), 'w'):
        pass
    line = scripts.fail('reproduce.py', '--render', '--ledger', 'ledger.json',
                        '--report', 'file/report')
    assert 'expected a folder for the report' in line
    line = scripts.fail('reproduce.py', '--render', '--ledger', 'none.json')
    assert 'expected a ledger, found none' in line
