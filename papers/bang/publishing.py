"""What a clone gets of a study of BANG.

run.json of all models, history.json of the tables', attack.json of all, what
is of the noise, and weights of seed 0: those of the regular model and of the
one of BANG that the figures show; of LeNet on all images, whose attacks are
under way, all.
"""

import os

from papers.bang.plan import REGULAR, TABLES
from papers.bang.recipes import CHOSEN
from papers.bang.records import NOISE
from papers.bang.settings import LENET, PUBLISHED
from storage.attack_file import RESULTS
from storage.model_file import WEIGHTS
from storage.run_description import DESCRIPTION
from study.published import MODELS

#: By a step's kind: what is copied of its folder.
FILES = {'model': (DESCRIPTION, 'history.json'), 'model attack': (RESULTS,),
         'grid model': (DESCRIPTION,), 'grid model attack': (RESULTS,),
         'noise': (NOISE, 'noise.png')}


def targets(step):
    """Where copies of a step's files go."""
    about = step.about
    found = [os.path.join(PUBLISHED, step.name, name)
             for name in FILES.get(about['kind'], ())]
    if (about['kind'], about['seed']) == ('model', 0):
        table = TABLES[about['table']]
        if table.name == LENET or about['model'] in (
                REGULAR, CHOSEN[table.net]):
            folder = '-'.join(['bang', *table.folder.split('/')[:-1],
                               about['model']])
            found += [os.path.join(MODELS, folder, name)
                      for name in (DESCRIPTION, WEIGHTS)]
    return found
