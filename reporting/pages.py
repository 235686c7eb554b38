"""A report's files: the page, its Markdown twin, tables, figures.

Nothing is written before all of it is made. Files come by rename, the page
last.
"""

import contextlib
import os

import jinja2
from markupsafe import Markup

from errors import UserError
from plotting import rc_context
from reporting import escaping, tables
from reporting.chapters import gather_all
from reporting.drawings import STYLE, inline, save
from storage.atomic import atomic_file
from study.settings import command, typed
from study.verdicts import verdict_counts

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      'templates')
PAGE, MARKDOWN = 'report.html', 'report.md'


def write_report(folder, chapters, root, made):
    """Make a report, and write it into a folder; the page's path.

    What it shows is of `chapters.gather_all`.

    Raises
    ------
    UserError
        Where an input is damaged, or the folder cannot be one.
    OSError
        As the file system says it.
    """
    return write_files(folder, render(gather_all(chapters, root, made)))


def write_files(folder, files):
    """Put the files of `render` into a folder; the page's path.

    Those whose content is None, as of an earlier report, are taken away.
    """
    try:
        os.makedirs(folder, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UserError('%s: expected a folder for the report, but it or a '
                        'part of its path is a file: choose another --report'
                        % folder) from None
    for name in sorted(files, key=lambda name: (name == PAGE, name)):
        path = os.path.join(folder, name)
        if files[name] is None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            continue
        with atomic_file(path) as stream:
            stream.write(files[name])
    return os.path.join(folder, PAGE)


def render(told):
    """All files of a report.

    Parameters
    ----------
    told : list of (reporting.chapters.Chapter, Sources or None)
        In the page's order; see `chapters.gather_all`.

    Returns
    -------
    dict of str to (bytes or None)
        By path relative to the report's folder; None are figures without
        data. Equal sources give equal bytes.
    """
    files, shown = {}, []
    for chapter, sources in told:
        drawn = draw(chapter, sources)
        found = {} if sources is None else chapter.tables(sources)
        for drawing, vector, raster in drawn:
            files['figures/%s.svg' % drawing.name] = vector.encode() or None
            files['figures/%s.png' % drawing.name] = raster
        files.update(table_files(found, sources))
        shown.append(dict(
            overview(chapter, sources), tables=found,
            figures=[(drawing, vector and Markup(inline(drawing, vector)))
                     for drawing, vector, _ in drawn]))
    for name, kind in ((PAGE, 'html'), (MARKDOWN, 'md')):
        made = engine(kind, [chapter for chapter, _ in told])
        for one in shown:
            text = made.get_template('%s/chapter.%s' % (
                one['name'], kind)).render(one)
            one['body'] = Markup(text) if kind == 'html' else text
        files[name] = made.get_template(name).render(
            chapters=shown).encode()
    return files


def engine(kind, chapters=()):
    """A Jinja2 environment whose texts are escaped for 'html', 'md', 'tex'.

    In Markdown and LaTeX `text` stands for the escaping, as only some texts
    are data. A chapter's templates have its name before theirs.
    """
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([
            jinja2.FileSystemLoader(FOLDER),
            jinja2.PrefixLoader({
                chapter.name: jinja2.FileSystemLoader(chapter.templates)
                for chapter in chapters})]),
        autoescape=kind == 'html', undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
        **({'variable_start_string': '<<', 'variable_end_string': '>>',
            'block_start_string': '<%', 'block_end_string': '%>',
            'comment_start_string': '<#', 'comment_end_string': '#>'}
           if kind == 'tex' else {}))
    made.filters.update(text={'html': escaping.html, 'md': escaping.markdown,
                              'tex': escaping.latex}[kind])
    return made


def draw(chapter, sources):
    """A chapter's (Drawing, SVG, PNG); '' and None of those without data."""
    if sources is None:
        return []
    with rc_context(STYLE):
        drawings = chapter.figures(sources)
    return [(drawing,) + (('', None) if drawing.figure is None
                          else save(drawing)) for drawing in drawings]


def table_files(found, sources):
    """The Tables in LaTeX."""
    template = engine('tex').get_template('table.tex')
    return {'tables/%s.tex' % name: template.render(
        table._asdict(), name=name, notice=sources.ledger['study'][
            'notice']).encode() for name, table in found.items()}


def overview(chapter, sources):
    """What the templates show of every chapter, and of this one."""
    shown = {name: getattr(chapter, name) for name in (
        'name', 'short', 'title', 'heads', 'caption')}
    shown.update(study=None, made_by='python ' + chapter.paper.command)
    if sources is None:
        return shown
    ledger = sources.ledger
    return dict(
        shown, study=ledger['study'], brief=chapter.brief(ledger),
        counts=verdict_counts(ledger), slugs=tables.SLUGS,
        rows=tables.ledger_rows(ledger),
        rerun=continuation(chapter, sources), **chapter.context(sources))


def continuation(chapter, sources):
    """How far the study has come, what continues it, what it depends on."""
    study = sources.ledger['study']
    steps = study.get('steps') or {}
    return {'done': steps.get('done', 0), 'steps': sum(steps.values()),
            'others': {state: count for state, count in sorted(steps.items())
                       if state != 'done'},
            'command': escaping.one_line(command(chapter.paper, study)),
            'settings': settings(study), 'versions': versions(sources.runs)}


def settings(study):
    """The study's options as (name, text), sorted."""
    found = dict(study.get('settings') or {})
    if 'seeds' in found:
        found['seeds'] = '%d (%s)' % (found['seeds'], ', '.join(
            map(str, range(found['seeds']))))
    return [(name.replace('_', '-'),
             'all' if value is None else typed(value))
            for name, value in sorted(found.items())]


def versions(runs):
    """What the models were made with: (name, value), sorted."""
    if not runs:
        return []
    found = dict(runs[0].get('versions') or {})
    found['commit'] = runs[0].get('git_commit')
    found['processor'] = (runs[0].get('machine') or {}).get('processor')
    return sorted((name, str(value)) for name, value in found.items()
                  if value)
