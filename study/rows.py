"""What the ledgers of all papers have: judged rows, and their study."""

import collections

from study.verdicts import judge


def make_row(quote, quotes, reasons, ours, exact, commands):
    """One row: the quote, our measurement of it, and the verdict.

    Parameters
    ----------
    quote : papers.song.numbers.Quote
    quotes : sequence of papers.song.numbers.Quote
        All of its paper's.
    reasons : dict of str to str
        Why tolerances are what they are, by name.
    ours, exact : dict or None
        Measured as published, and where arithmetic hides nothing; the
        latter None where no arithmetic is involved, too.
    commands : list of str
        Those that measure it.

    Returns
    -------
    dict
        JSON-ready; see `study.ledger`, 'rows'.
    """
    verdict, why = judge(quote, quotes, ours, exact)
    return {'id': quote.id, 'quantity': quote.quantity, 'place': quote.place,
            'quoted': quote.quoted, 'value': quote.value, 'unit': quote.unit,
            'ours': ours, 'exact': exact, 'commands': commands,
            'tolerance': {'rule': quote.rule, 'value': quote.tolerance,
                          'reason': reasons[quote.reason]},
            'verdict': verdict, 'why': why}


def made_of(about, states):
    """A ledger's 'study': what it is, and how many steps stand how."""
    return dict(about, steps=dict(sorted(
        collections.Counter(states.values()).items())))
