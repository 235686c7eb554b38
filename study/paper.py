"""What a study is told of the paper that it reruns, and of its numbers."""

from typing import Any, Callable, Dict, NamedTuple, Optional, Tuple

from study.settings import Options


class Quote(NamedTuple):
    """A number as the paper prints it, and what of ours it is.

    Attributes
    ----------
    id, quantity, place, quoted : str
    value : float
        `quoted` as a number of `unit`.
    unit : 'percent', 'ratio', 'log10', 'pixels', 'score' or 'levels'
        Percent stands for fractions of 1.
    rule : 'points', 'within', 'factor', 'at least', 'decades' or 'sample'
        See `study.verdicts.band`.
    tolerance : float
    reason : str
        A name in the paper's reasons, which say why the tolerance is so.
    measure : tuple
        Name of one of the paper's measures, then its arguments.
    group : str, optional
        Quotes of one group are of the same quantity.
    implied : tuple of (str, float)
        What other numbers in the paper make of this one.
    """

    id: str
    quantity: str
    place: str
    quoted: str
    value: float
    unit: str
    rule: str
    tolerance: float
    reason: str
    measure: Tuple
    group: Optional[str] = None
    implied: Tuple = ()


class Paper(NamedTuple):
    """A paper as data and functions; papers/ has one of each.

    Attributes
    ----------
    command : str
        What is typed to rerun it.
    options : study.settings.Options
        What its results depend on.
    make_plan : callable
        settings -> list of study.step.Step, parents before children.
    targets : callable
        step -> where copies of its files go in the checkout.
    format : str
        What its ledger says that it is.
    quotes : tuple of Quote
    reasons : dict of str to str
        Why tolerances are what they are, by the name that the quotes give.
    read_records : callable
        (study's folder, its done steps) -> records, whatever they are.
    measure : callable
        (records, quote) -> dict of str to list of dict: what
        `study.pooling.pool` takes, one a seed. 'ours' is measured as
        published, 'exact' where arithmetic hides nothing; other names are
        columns of the row that have a mean alone. Empty is 'not measured'.
    commands : callable
        (records, quote) -> list of str, those that measure it.
    tables : callable
        records -> dict, what else the ledger has, JSON-ready.
    """

    command: str
    options: Options
    make_plan: Callable
    targets: Callable
    format: str
    quotes: Tuple[Quote, ...]
    reasons: Dict[str, str]
    read_records: Callable[..., Any]
    measure: Callable
    commands: Callable
    tables: Callable
