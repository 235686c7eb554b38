"""Our figures, whatever the user has made of matplotlib or of names."""

import glob
import io
import os
import subprocess
import sys

import numpy as np
import pytest
from script_runner import ROOT

from papers.bang.attack_names import ATTACKS
from papers.bang.attack_pictures import histogram
from papers.bang.noise_campaign import surfaces
from plotting import Figure
from saliency.outcome import Outcome
from saliency.pictures import budget_figure, crafted_figure, film_strip
from training.pictures import confusion, learning_curve, mistaken

NAME = 'x$^$y'          # as a formula, it is none
HOSTILE = ('text.usetex: True', 'figure.facecolor: red', 'savefig.dpi: 30',
           'savefig.bbox: tight', 'font.size: 30')
SCRIPT = '''
import sys
from saliency.pictures import budget_figure
from training.pictures import save_figure
save_figure(budget_figure({'model': ([1, 2], 3)}, 'digits'), sys.argv[1], 't')
'''


def draw(folder, **variables):
    """The bytes of a picture that a process in a folder draws."""
    subprocess.run([sys.executable, '-c', SCRIPT, 'picture.png'],
                   cwd=str(folder), check=True,
                   env=dict(os.environ, PYTHONPATH=ROOT, **variables))
    return (folder / 'picture.png').read_bytes()


def test_the_users_settings_change_no_picture(tmp_path):
    (tmp_path / 'mine').mkdir()
    (tmp_path / 'plain').mkdir()
    (tmp_path / 'mine' / 'matplotlibrc').write_text('\n'.join(HOSTILE))
    assert draw(tmp_path / 'mine', MPLBACKEND='nonsense') == draw(
        tmp_path / 'plain')


def test_all_that_draws_goes_by_these_settings():
    for path in glob.glob(os.path.join(ROOT, '**', '*.py'), recursive=True):
        name = os.path.relpath(path, ROOT)
        if (name != 'plotting.py' and 'site-packages' not in name
                and name.split(os.sep)[0] != 'tests'):
            with open(path, encoding='utf-8') as stream:
                source = stream.read()
            assert 'import matplotlib' not in source, name
            assert 'from matplotlib' not in source, name


IMAGES = np.zeros((2, 1, 4, 4))
ZEROS = np.zeros(2, int)
RECORD = {'epoch': 1, 'cross_entropy': 2., 'validation_loss': 2.,
          'validation_loss_at_T': 2., 'validation_accuracy': .5}
NOISE = {'title': NAME, 'settings': {'iterations': [1, 2], 'sigmas': [1, 2]},
         'percent': dict.fromkeys(('regular', 'bang'), np.eye(2))}
EVERY_ATTACK = dict({attack + '/success': ZEROS > 0 for attack in ATTACKS},
                    **{attack + '/l_infinity': ZEROS for attack in ATTACKS})


OUTCOME = Outcome(*[ZEROS] * 13, IMAGES, ZEROS[:, None] - 1)


@pytest.mark.parametrize('figure', [
    lambda: budget_figure({NAME: ([1], 2)}, NAME),
    lambda: confusion(np.eye(3, dtype=int), NAME),
    lambda: learning_curve([RECORD], NAME, 'epoch', 10, 20.),
    lambda: mistaken(IMAGES, ZEROS, ZEROS, ZEROS, NAME),
    lambda: mistaken(np.zeros((2, 3, 5, 4), np.uint8), ZEROS, ZEROS, ZEROS,
                     NAME),
    lambda: confusion(np.eye(200, dtype=int), NAME),
    lambda: film_strip(OUTCOME, 0, IMAGES[0], ZEROS, NAME),
    lambda: crafted_figure(IMAGES, IMAGES, np.ones((2, 16)), ZEROS, ZEROS,
                           ZEROS, NAME),
    lambda: histogram(EVERY_ATTACK, NAME),
    lambda: surfaces(NOISE)])
def test_a_name_with_dollars_is_no_formula(figure):
    drawn = figure()
    assert isinstance(drawn, Figure)
    drawn.savefig(io.BytesIO(), format='png', dpi=20)
