"""What a study is told of the paper that it reruns."""

from typing import Any, Callable, Dict, NamedTuple, Tuple

from study.quote import Quote
from study.settings import Options


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
    quotes : tuple of study.quote.Quote
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
