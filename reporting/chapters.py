"""A chapter of the report: what one paper tells of itself.

The page is a frame, and a list of chapters. A paper adds its own by making
a `Chapter` and a folder of templates; nothing here knows which papers there
are.
"""

from typing import Any, Callable, NamedTuple, Tuple

from reporting.numbers import counted


def nothing(folders):
    """What a chapter reads beside its ledger, where that is nothing."""
    return None


class Chapter(NamedTuple):
    """What the report needs to know of a paper.

    The functions of a ledger take the dict that `read` gives, those of
    sources a `reporting.sources.Sources`.

    Attributes
    ----------
    name : str
        A word that stands in addresses, as 'song'.
    short, title : str
        Its name in a menu, and its heading.
    ledger : str
        Path of its published ledger in results/.
    read : callable
        path -> dict: the ledger, checked to be this paper's. UserError.
    read_run : callable
        A model's folder -> its run.json, checked to be this paper's.
        UserError.
    made_by : str
        The command that makes such a ledger.
    command : callable
        What the ledger says of its study -> the command that continues it.
    heads : (str, str)
        Of the ledger's two columns: ours as published, and exact.
    caption : str
        Of the ledger's table.
    brief : callable
        ledger -> list of str: what was found, in a few sentences.
    context : callable
        sources -> dict of what only this chapter's templates show.
    tables : callable
        sources -> dict of name to `reporting.tables.Table`. The report
        writes each as LaTeX, too.
    figures : callable
        sources -> list of `reporting.drawings.Drawing`, in their order.
    templates : str
        The folder of chapter.html and chapter.md, and chapter.css if any.
    page : str
        The document of the checkout that has its ledger, as 'docs/bang.md'.
    mark : str
        Of the ledger's part there; see `study.readme`.
    markdown : callable
        ledger -> str: that part.
    beside : callable
        Folders, the first to be preferred -> what lies beside the ledger.
    """

    name: str
    short: str
    title: str
    ledger: str
    read: Callable
    read_run: Callable
    made_by: str
    command: Callable
    heads: Tuple[str, str]
    caption: str
    brief: Callable
    context: Callable
    tables: Callable
    figures: Callable
    templates: str
    page: str
    mark: str
    markdown: Callable
    beside: Callable[[Any], Any] = nothing


def parts(chapter, ledger):
    """What results make of the checkout's documents: (path, mark, text)."""
    return [(chapter.page, chapter.mark, chapter.markdown(ledger)),
            ('README.md', 'found in %s' % chapter.name, ' '.join(
                chapter.brief(ledger)
                + [counted(ledger, 'the %d numbers in its ledger')]))]
