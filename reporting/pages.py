"""A report's files: the page, its Markdown twin, tables, figures."""

import os

import jinja2
from markupsafe import Markup

from papers.bang import chapter
from papers.song import finding, rates, summary
from papers.song.explorer_embedding import embed
from papers.song.paper import PAPER
from reporting import escaping, rerun, tables
from reporting.figures.everything import draw_all
from reporting.figures.style import inline, save
from study.settings import command
from study.verdicts import VERDICTS, verdict_counts

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      'templates')
PAGE, MARKDOWN = 'report.html', 'report.md'
SCRIPTS = ('theme.js', 'tables.js')
EXPLORER_SCRIPT = 'explorer.js'
CAPTIONS = {
    'ledger': 'Every number that the paper prints, and ours.',
    'arithmetic': 'Success of the correctly classified samples (Wilson 95 % '
    'intervals), and the share of maps that are all zero.',
    'sweep': 'The temperature sweep.',
    'bang': 'The numbers of BANG\'s table 1 and section 4.1, and ours.',
    'bang-models': 'Table 1 of BANG as it came out here, ± over seeds; the '
    'paper\'s figures in brackets.'}


def render(sources):
    """All files of a report.

    Parameters
    ----------
    sources : reporting.sources.Sources

    Returns
    -------
    dict of str to (bytes or None)
        By path relative to the report's folder; None are figures without
        data. Equal sources give equal bytes.
    """
    files, pictures = {}, []
    for drawing in draw_all(sources):
        vector, raster = (save(drawing) if drawing.figure is not None
                          else ('', None))
        files['figures/%s.svg' % drawing.name] = vector.encode() or None
        files['figures/%s.png' % drawing.name] = raster
        pictures.append((drawing, vector and Markup(
            inline(drawing, vector))))
    context = make_context(sources, pictures)
    engines = {kind: engine(kind) for kind in ('html', 'md', 'tex')}
    for name, kind in ((PAGE, 'html'), (MARKDOWN, 'md')):
        files[name] = engines[kind].get_template(name).render(
            context).encode()
    for name, (head, rows) in context['plain'].items():
        files['tables/%s.tex' % name] = engines['tex'].get_template(
            'table.tex').render(head=head, rows=rows, name=name,
                                caption=CAPTIONS[name],
                                notice=context['study']['notice']).encode()
    return files


def engine(kind):
    """A Jinja2 environment whose texts are escaped for 'html', 'md', 'tex'.

    In Markdown and LaTeX `e` stands for the escaping, as only some texts
    are data.
    """
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=kind == 'html',
        undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
        **({'variable_start_string': '<<', 'variable_end_string': '>>',
            'block_start_string': '<%', 'block_end_string': '%>',
            'comment_start_string': '<#', 'comment_end_string': '#>'}
           if kind == 'tex' else {}))
    made.filters.update(
        text={'html': escaping.html, 'md': escaping.markdown,
              'tex': escaping.latex}[kind],
        thousands=rates.thousands)
    return made


def make_context(sources, pictures):
    """What the templates show."""
    ledger = sources.ledger
    algorithm, headline = finding.headline(ledger)
    done, steps, others = rerun.left(ledger['study'])
    return {
        'study': ledger['study'], 'claim': summary.claim(ledger),
        'finding': finding.finding(ledger), 'thesis': summary.thesis(ledger),
        'kind': finding.finding_kind(headline),
        'verdict_sentence': summary.verdict_sentence(ledger),
        'counts': verdict_counts(ledger),
        'literature': summary.literature(ledger),
        'headline': headline_bars(headline), 'headline_algorithm': algorithm,
        'rows': tables.ledger_rows(ledger), 'verdicts': VERDICTS,
        'slugs': tables.SLUGS, 'arithmetics': rates.ARITHMETICS,
        'arithmetic': tables.arithmetic_rows(ledger['arithmetic']),
        'unbounded': tables.arithmetic_rows(ledger['unbounded']),
        'plain': {'ledger': tables.ledger_table(ledger),
                  'arithmetic': tables.arithmetic_table(
                      ledger['arithmetic']),
                  'sweep': tables.sweep_table(ledger),
                  **chapter.plain_tables(sources.bang)},
        'bang': chapter.context(sources.bang),
        'captions': CAPTIONS, 'checklist': ledger['checklist'],
        'settings': settings(ledger['study']),
        'done': done, 'steps': steps, 'others': others,
        'command': escaping.one_line(command(PAPER, ledger['study'])),
        'versions': versions(sources), 'pictures': pictures,
        'explorer': embed(sources.explorer), 'style': asset('report.css'),
        'scripts': [asset(name) for name in SCRIPTS + (
            (EXPLORER_SCRIPT,) if sources.explorer else ())]}


def settings(study):
    """The study's options as (name, text), sorted."""
    found = dict(study.get('settings') or {})
    if 'seeds' in found:
        found['seeds'] = '%d (%s)' % (found['seeds'], ', '.join(
            map(str, range(found['seeds']))))
    return [(name.replace('_', '-'), ' '.join(map('{:g}'.format, value))
             if isinstance(value, (list, tuple)) else str(value))
            for name, value in sorted(found.items())]


def headline_bars(found):
    """The headline's rates: model names with a cell an arithmetic."""
    return [(rates.model_name(model),
             {name: tables.success(found[model, name])
              for name in rates.ARITHMETICS})
            for model in dict.fromkeys(model for model, _ in found)]


def versions(sources):
    """What the models were made with: (name, value), sorted."""
    if not sources.runs:
        return []
    run = sources.runs[0]
    found = dict(run.get('versions') or {})
    found['commit'] = run.get('git_commit')
    found['processor'] = (run.get('machine') or {}).get('processor')
    return sorted((name, str(value)) for name, value in found.items()
                  if value)


def asset(name):
    """A style sheet or script of ours, to stand in the page as it is."""
    with open(os.path.join(FOLDER, name), encoding='utf-8') as stream:
        return Markup(stream.read())
