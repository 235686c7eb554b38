"""A GPU that fails on the way: one line, exit code 1, nothing half-written.

The errors are raised where Theano's compiled functions would raise them; what
they say is what the driver says.
"""

import os

import pytest
from script_runner import ROOT
from test_training_resume import SETTINGS, assert_same, final_state

from storage.atomic import TEMPORARY

FAILING = os.path.join(ROOT, 'tests', 'failing_device')
MEMORY = 'GpuArrayException: cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY: out of ' \
    'memory'
LOST = 'cuEventSynchronize: CUDA_ERROR_LAUNCH_FAILED: unspecified launch ' \
    'failure'
LINES = {MEMORY: 'out of memory on the GPU: choose a smaller batch',
         LOST: 'the GPU was lost on the way (the driver says: '
         'cuEventSynchronize:'}


@pytest.fixture
def failing(scripts):
    """Run a script on a device that fails; its one line."""
    def run(call, message, script, *options):
        return scripts.fail(
            script, *options, FAILING_CALL=str(call), FAILING_MESSAGE=message,
            PYTHONPATH=os.pathsep.join([FAILING, ROOT]))

    return run


@pytest.mark.slow
@pytest.mark.parametrize('message', [
    MEMORY, pytest.param(LOST, marks=pytest.mark.slow)])
def test_a_training_ends_in_one_line_and_goes_on(scripts, failing, message):
    line = failing(14, message, 'mnist_cnn.py', '--out', 'run', *SETTINGS)
    assert line.startswith('mnist_cnn.py: error: ' + LINES[message])
    left = os.listdir(scripts.path('run'))
    assert 'weights.npz' not in left and 'checkpoint.npz' in left
    assert not [name for name in left if name.endswith(TEMPORARY)]
    for options in (('--resume', 'run'), ('--out', 'whole') + SETTINGS):
        code, _, _ = scripts.run('mnist_cnn.py', *options)
        assert code == 3          # two epochs do not leave the plateau
    assert_same(final_state(scripts, 'run'), final_state(scripts, 'whole'))


@pytest.mark.slow
@pytest.mark.parametrize('message', [MEMORY, LOST])
def test_a_comparison_of_devices_ends_in_one_line(failing, scripts, message):
    line = failing(2, message, 'benchmarks/gpu_correctness.py', '--device',
                   'cpu', '--out', 'found.json')
    assert line.startswith('gpu_correctness.py: error: cpu float32: '
                           + LINES[message])
    assert not os.path.exists(scripts.path('found.json'))


@pytest.mark.slow
def test_an_attack_ends_in_one_line_and_goes_on(scripts, models, failing):
    attack = ('test1.py', '--models', models.path('runs', 'std'),
              '--arithmetic', 'float32', '--samples', 120, '--pictures', 0,
              '--limit', 5)
    line = failing(6, LOST, *attack)
    assert line.startswith('test1.py: error: ' + LINES[LOST])
    folder = scripts.path('runs', 'digits-test1')
    left = [name for _, _, names in os.walk(folder) for name in names]
    assert not [name for name in left if name.endswith(TEMPORARY)]
    assert not os.path.exists(os.path.join(folder, 'attack.npz'))
    scripts.succeed(*attack)
    assert os.path.exists(os.path.join(folder, 'attack.npz'))
