"""How much of a study is done."""

DONE = 'done'


def left(study):
    """Steps done, steps in all, and how many stand otherwise, by state."""
    steps = study.get('steps') or {}
    return (steps.get(DONE, 0), sum(steps.values()),
            {state: count for state, count in sorted(steps.items())
             if state != DONE})
