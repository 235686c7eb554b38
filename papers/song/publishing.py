"""What a clone gets of a study of Song 2017.

run.json, history.json and weights of all models, attack.json of all attacks
on them, which has every sample; the explorer's records.
"""

import os

from papers.song.explorer_store import ABOUT, ARRAYS
from papers.song.settings import PUBLISHED
from storage.attack_file import RESULTS
from storage.model_file import WEIGHTS
from storage.run_description import DESCRIPTION
from study.published import MODELS

#: By a step's kind: what is copied of its folder.
FILES = {'model': (DESCRIPTION, 'history.json'), 'attack': (RESULTS,),
         'unbounded': (RESULTS,), 'explorer': (ABOUT, ARRAYS)}


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
