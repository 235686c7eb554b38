"""Calls that are compared, made in turns, so that a machine's moods meet all
of them."""

import time

WARMING = 5  # calls before anything counts


def in_turns(steps, rounds):
    """Seconds of every call, by step; the first in a round alternates.

    Parameters
    ----------
    steps : dict of str to callable
    rounds : int

    Returns
    -------
    dict of str to list of float
    """
    seconds = {name: [] for name in steps}
    for number in range(-WARMING, rounds):
        names = list(steps)
        for name in names[::-1] if number % 2 else names:
            begin = time.perf_counter()
            steps[name]()
            if number >= 0:
                seconds[name].append(time.perf_counter() - begin)
    return seconds
