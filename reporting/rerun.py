"""The command that continues a study, and what it is made of."""

from study.settings import FULL, QUICK

DEFAULT_NAMES = {(False, 'mnist'): 'paper', (False, 'digits'): 'digits',
                 (True, 'mnist'): 'quick-mnist',
                 (True, 'digits'): 'quick-digits'}
DONE = 'done'


def command(study):
    """What starts or continues a study.

    Parameters
    ----------
    study : dict
        The ledger's.

    Returns
    -------
    str
    """
    settings = study.get('settings') or {}
    quick, dataset = study['quick'], study['dataset']
    usual = QUICK[dataset] if quick else dict(FULL, dataset=dataset)
    words = ['python reproduce.py'] + ['--quick'] * quick
    if dataset != ('digits' if quick else 'mnist'):
        words.append('--dataset %s' % dataset)
    for name in sorted(set(usual) - {'dataset', 'student_rate'}):
        value = settings.get(name, usual[name])
        if _plain(value) == _plain(usual[name]) or (
                name == 'sweep_epochs' and value == settings.get('epochs')):
            continue
        words.append('--%s %s' % (name.replace('_', '-'), _plain(value)))
    if study['name'] != DEFAULT_NAMES[quick, dataset]:
        words.append('--out studies/%s' % study['name'])
    return ' '.join(words)


def left(study):
    """Steps done, steps in all, and how many stand otherwise, by state."""
    steps = study.get('steps') or {}
    return (steps.get(DONE, 0), sum(steps.values()),
            {state: count for state, count in sorted(steps.items())
             if state != DONE})


def _plain(value):
    if isinstance(value, (list, tuple)):
        return ' '.join('%g' % item for item in value)
    return '%s' % value
