"""The page takes any chapter: a third paper adds its own by declaring one."""

import os
import re
from types import SimpleNamespace

import pytest
from run_description import DESCRIPTION
from script_runner import ROOT
from test_reporting import Tags

from errors import UserError
from papers.bang import chapter as bang
from papers.song import chapter as song
from papers.song.run_format import SONG
from plotting import Figure
from reporting.chapters import Chapter, Sources, gather_all, parts
from reporting.drawings import Drawing
from reporting.pages import PAGE, render
from reporting.tables import Table, ledger_table
from storage.atomic import write_json
from study.settings import Options
from study.verdicts import REPRODUCED

LEDGER = {
    'format': 'tiny-ledger/1',
    'study': {'name': 'tiny', 'dataset': 'digits', 'quick': False,
              'notice': '', 'settings': {'seeds': 1, 'samples': None},
              'code': 'abc', 'steps': {'done': 1, 'missing': 1}},
    'rows': [{'id': 'one', 'quantity': 'rate of <tiny>', 'place': '§1',
              'quoted': '50 %', 'value': .5, 'unit': 'percent',
              'ours': {'mean': .5, 'sd': None, 'low': .4, 'high': .6,
                       'per_seed': []}, 'exact': None, 'commands': [],
              'tolerance': {'rule': 'interval', 'value': None,
                            'reason': 'chance'},
              'verdict': REPRODUCED, 'why': 'within it'}]}
PAGE_TEMPLATE = ("{% from 'macros.html' import figure, ledger, missing, "
                 'rerun as continued %}\n{% if not study %}{{ '
                 'missing(made_by) }}{% else %}<p>{{ claim }}</p>{% for '
                 'drawing, drawn in figures %}{{ figure(drawing, drawn) }}'
                 '{% endfor %}{{ ledger(name, caption, heads, rows, counts, '
                 'slugs) }}{{ continued(name, study, rerun) }}{% endif %}')
TEXT_TEMPLATE = ("{% from 'macros.md' import table %}\n{% if study %}{{ "
                 "table(tables['tiny-rates']) }}{% endif %}")


@pytest.fixture
def tiny(tmp_path):
    """The declaration of a paper that the project does not know."""
    folder = tmp_path / 'templates'
    folder.mkdir()
    (folder / 'chapter.html').write_text(PAGE_TEMPLATE)
    (folder / 'chapter.md').write_text(TEXT_TEMPLATE)
    (folder / 'chapter.css').write_text('.tiny { color: red; }')
    return Chapter(
        name='tiny', short='Tiny', title='Tiny: is it robust?',
        paper=SimpleNamespace(
            format='tiny-ledger/1', command='tiny.py', options=Options(
                study='tiny', prefix='tiny-',
                folder=os.path.join('results', 'tiny'),
                full={'seeds': 3, 'samples': None}, quick={},
                counts=(('seeds', 3, 'of it'), ('samples', 'all', 'of it')),
                lists=(), may_change=(), length='seeds', at_least=())),
        form=SONG, heads=('ours', 'exactly'), caption='Every tiny number.',
        brief=lambda ledger: ['It held: %s.' % ledger['rows'][0]['quoted']],
        context=lambda sources: {'claim': 'said to be <robust>'},
        tables=lambda sources: {'tiny-rates': Table(
            'Rates.', ('model', 'rate'), [('a_b', '50 %')])},
        figures=lambda sources: [Drawing('tiny-plot', 'A plot', 'Of it.',
                                         'flat', Figure(), '')],
        templates=str(folder), page='docs/tiny.md', mark='tiny',
        markdown=lambda ledger: 'It held.')


def test_a_third_paper_has_a_chapter_of_equal_rank(tiny, tmp_path):
    chapters = [song.CHAPTER, tiny, bang.CHAPTER]
    files = render([(song.CHAPTER, None), (tiny, Sources(
        LEDGER, [{'versions': {'Tiny': '3'}}])), (bang.CHAPTER, None)])
    page = files[PAGE].decode()
    tags = Tags(page).found
    sections = [attributes['id'] for tag, attributes in tags
                if attributes.get('class') == 'chapter']
    assert sections == [chapter.name for chapter in chapters]
    for text in ('It held: 50\u00a0%.', 'said to be &lt;robust&gt;',
                 'python tiny.py --dataset digits --seeds 1',
                 '1 of 2 steps are done',
                 '.tiny { color: red; }', 'id="figure-tiny-plot"',
                 'rate of &lt;tiny&gt;'):
        assert text in page
    assert page.count('makes its ledger') == 2    # the others are not there
    assert 'tables/tiny-rates.tex' in files and files['figures/tiny-plot.png']
    text = files['report.md'].decode()
    assert re.findall('(?m)^## (.*)', text) == ['What was found'] + [
        chapter.title for chapter in chapters]
    assert '| a\\_b | 50 % |' in text


def test_chapters_do_not_share_identifiers(tiny):
    shown = gather_all([song.CHAPTER, bang.CHAPTER],
                       ROOT, {})
    page = render([(chapter._replace(figures=lambda sources: []), sources)
                   for chapter, sources in shown] + [
                       (tiny, Sources(LEDGER, []))])[PAGE].decode()
    tags = Tags(page).found
    identifiers = [attributes['id'] for _, attributes in tags
                   if 'id' in attributes]
    assert len(set(identifiers)) == len(identifiers)
    targets = {attributes['href'][1:] for tag, attributes in tags
               if tag == 'a' and attributes.get('href', '').startswith('#')}
    assert targets <= set(identifiers)
    assert {'song', 'bang', 'tiny'} <= targets


def test_a_ledger_is_the_one_made_or_the_one_published(tiny, tmp_path):
    root = str(tmp_path)
    assert gather_all([tiny], root, {}) == [(tiny, None)]
    write_json(os.path.join(root, tiny.paper.options.ledger), LEDGER)
    [(_, found)] = gather_all([tiny], root, {})
    assert found.ledger['study']['name'] == 'tiny'
    made = dict(LEDGER, study=dict(LEDGER['study'], name='mine'))
    path = str(tmp_path / 'mine' / 'ledger.json')
    write_json(path, made)
    model = tmp_path / 'mine' / 'models' / 'seed0' / 'a'
    model.mkdir(parents=True)
    write_json(str(model / 'run.json'), DESCRIPTION)
    [(_, found)] = gather_all([tiny], root, {
        'tiny': (path, str(tmp_path / 'mine'))})
    assert found.ledger == made and len(found.runs) == 1


def test_a_ledger_that_cannot_be_shown_is_one_line(tiny, tmp_path):
    root = str(tmp_path)
    with pytest.raises(UserError, match='found none'):
        gather_all([tiny], root, {'tiny': (str(tmp_path / 'no'), None)})
    write_json(os.path.join(root, tiny.paper.options.ledger),
               {'format': 'other/1'})
    with pytest.raises(UserError, match='of format tiny-ledger/1'):
        gather_all([tiny], root, {})


def test_columns_have_the_names_that_the_chapter_gives(tiny):
    table = ledger_table(tiny, LEDGER)
    assert table.caption == 'Every tiny number.'
    assert table.head[3:5] == ('ours', 'exactly')
    assert table.rows[0][:4] == ('rate of <tiny>', '§1', '50 %',
                                 '50.00 % [40.00 %, 60.00 %]')


def test_documents_get_what_was_found(tiny):
    assert parts(tiny, LEDGER) == [
        ('docs/tiny.md', 'tiny', 'It held.'),
        ('README.md', 'found in tiny', 'It held: 50 %. Of the 1 numbers in '
         'its ledger: 1 reproduced.')]
