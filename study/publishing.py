"""What a clone gets of a study: copies of its results in the checkout.

`python reproduce.py --publish` makes them, beside the ledger: run.json,
history.json and weights of all models, attack.json of all attacks on them,
which has every sample; the explorer's records.
"""

import os
import shutil

from errors import UserError
from papers.song.explorer_store import ABOUT, ARRAYS
from storage.atomic import atomic_file
from storage.attack_file import RESULTS
from storage.model_file import WEIGHTS
from storage.run_description import DESCRIPTION

#: In the checkout.
PUBLISHED, MODELS = 'results', 'weights'
#: By a step's kind: what is copied of its folder.
FILES = {'model': (DESCRIPTION, 'history.json'), 'attack': (RESULTS,),
         'unbounded': (RESULTS,), 'explorer': (ABOUT, ARRAYS)}


def publish(study, steps, standings, root, targets):
    """Copy what is done.

    Parameters
    ----------
    study : str
    steps : list of study.step.Step
    standings : dict of str to study.stamp.Standing
    root : str
        The checkout.
    targets : callable
        step -> where copies of its files go in it.

    Returns
    -------
    list of str
        The files written, relative to the checkout.

    Raises
    ------
    UserError
        If nothing is done.
    """
    done = [step for step in steps if standings[step.name].has_model]
    copies = {target: os.path.join(study, step.name, os.path.basename(target))
              for step in done for target in targets(step)}
    if not copies:
        raise UserError('%s: expected finished steps to publish, found none: '
                        'run it first' % study)
    for target, source in copies.items():
        with open(source, 'rb') as content, atomic_file(
                os.path.join(root, target)) as stream:
            shutil.copyfileobj(content, stream)
    return sorted(copies)


def targets(step):
    """Where copies of a step's files go."""
    kind, seed = step.about['kind'], step.about.get('seed')
    found = [os.path.join(PUBLISHED, step.name, name)
             for name in FILES.get(kind, ())]
    if kind == 'model':
        found += [os.path.join(MODELS, 'seed%d' % seed if seed else '',
                               step.about['model'], name)
                  for name in (DESCRIPTION, WEIGHTS)]
    return found
