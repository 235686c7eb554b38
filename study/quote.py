"""A number as a paper prints it, and what it is compared with."""

from typing import NamedTuple, Optional, Tuple


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
