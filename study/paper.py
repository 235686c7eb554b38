"""What a study is told of the paper that it reruns, and of its numbers."""

from typing import Any, Callable, Dict, NamedTuple, Optional, Tuple

from study.settings import Options


class Quote(NamedTuple):
    """A number as the paper prints it, and what of ours it is."""

    id: str
    quantity: str
    place: str
    quoted: str
    value: float        # `quoted` as a number of `unit`
    #: 'percent', 'ratio', 'log10', 'pixels', 'score' or 'levels'. Percent
    #: stands for fractions of 1.
    unit: str
    #: 'points', 'within', 'factor', 'at least', 'decades' or 'sample': see
    #: `study.verdicts.band`.
    rule: str
    tolerance: float
    #: A name in the paper's reasons, which say why the tolerance is so.
    reason: str
    #: Name of one of the paper's measures, then its arguments.
    measure: Tuple
    #: Quotes of one group are of the same quantity.
    group: Optional[str] = None
    #: (str, float): what other numbers in the paper make of this one.
    implied: Tuple = ()
    #: What a machine needs that measures it, where that is not every one's,
    #: and the command.
    needs: str = ''
    #: What a reader has to know of it, in sentences.
    note: str = ''


class Paper(NamedTuple):
    """A paper as data and functions; papers/ has one of each."""

    #: What is typed to rerun it.
    command: str
    #: What its results depend on.
    options: Options
    #: settings -> list of study.step.Step, parents before children.
    make_plan: Callable
    #: What its ledger says that it is.
    format: str
    quotes: Tuple[Quote, ...]
    #: Why tolerances are what they are, by the name that the quotes give.
    reasons: Dict[str, str]
    #: (study's folder, its done steps) -> records: those of
    #: `study.step.read_products`, or whatever else.
    read_records: Callable[..., Any]
    #: (records, quote) -> dict of str to list of dict: what
    #: `study.pooling.pool` takes, one a seed. 'ours' is measured as
    #: published, 'exact' where arithmetic hides nothing; other names are
    #: columns of the row that have a mean alone. Empty is 'not measured'.
    measure: Callable
    #: (records, quote) -> list of str, the commands that measure it.
    commands: Callable
    #: records -> dict, what else the ledger has, JSON-ready.
    tables: Callable
