"""Done steps that stand though other code made them: `--accept`.

The user says that their code would make them again, as nothing that concerns
them has changed. Their stamps say so until the code changes once more. What
is published stands whatever made it.
"""

from storage.atomic import write_json
from study.stamp import stamp_path


def kept_parts(steps, codes, stamps, chosen):
    """What made the steps that stand though it is not of today.

    Parameters
    ----------
    steps : list of study.step.Step
    codes : dict of str to str
        Today's: see `step.codes_of`.
    stamps : dict of str to dict
        Of the steps that have one.
    chosen : callable
        Whether the user accepts the step of a name now.

    Returns
    -------
    dict of str to dict
        See `step.keys_of`.
    """
    kept = {}
    for step in steps:
        stamp = stamps.get(step.name)
        if stamp is None:
            continue
        if stamp.get('published'):
            kept[step.name] = {name: stamp[name]
                               for name in ('code', 'versions')}
        elif stamp['status'] == 'done' and (
                chosen(step.name)
                or stamp.get('accepted') == codes[step.script]):
            kept[step.name] = {'code': stamp['code']}
    return kept


def keep_accepted(study, steps, codes, stamps, chosen):
    """Note in the stamps of done steps that they are accepted now."""
    for step in steps:
        stamp = stamps.get(step.name)
        if stamp and stamp['status'] == 'done' and chosen(step.name):
            stamps[step.name] = dict(stamp, accepted=codes[step.script])
            write_json(stamp_path(study, step.name), stamps[step.name])
