"""Done steps that the user takes for today's: `reproduce.py --accept`.

Other code made them, and would make them again, as nothing that concerns them
has changed. That is kept in their stamps until the code changes once more.
"""

from storage.atomic import write_json
from storage.identity import code_digest
from study.stamp import read_stamp, stamp_path


def accepted_codes(study, steps, chosen):
    """The code of steps that stand though made by another version of it.

    Parameters
    ----------
    study : str
    steps : list of study.step.Step
    chosen : callable
        Whether the user accepts the step of a name now.

    Returns
    -------
    dict of str to str
        By name: the code that made it.
    """
    today = {code: code_digest(code) for code in {s.code for s in steps}}
    accepted = {}
    for step in steps:
        stamp = read_stamp(study, step.name)
        if stamp and stamp['status'] == 'done' and (
                chosen(step.name)
                or stamp.get('accepted') == today[step.code]):
            accepted[step.name] = stamp['code']
    return accepted


def keep_accepted(study, steps, chosen):
    """Note in the stamps of done steps that they are accepted now."""
    for step in steps:
        stamp = read_stamp(study, step.name)
        if stamp and stamp['status'] == 'done' and chosen(step.name):
            write_json(stamp_path(study, step.name),
                       dict(stamp, accepted=code_digest(step.code)))
