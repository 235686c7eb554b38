"""Every CUDA kernel of our graphs builds, for four kinds of GPU.

That is all these tests say. The driver is a stand-in
(tests/standin_cuda/driver.c): NVRTC compiles and ptxas assembles for real, the
limits of every launch are checked, and nothing is executed, so what the
kernels compute is not looked at.
"""

import json

import pytest
import standin_driver
from script_runner import ROOT, USER_FLAGS

ABSENT = standin_driver.missing()
pytestmark = pytest.mark.skipif(bool(ABSENT), reason='kernels cannot be built'
                                ' here: ' + ABSENT)
PTXAS = standin_driver.installed('cuda_nvcc', 'bin', 'ptxas')
BUILD = standin_driver.SOURCES + '/build.py'
#: The paper's GTX 1060 is the first.
CAPABILITIES = ('61', '70', '80', '90')
#: Theano has no kernel for it but cuDNN's: of the distribution's loss.
ON_THE_CPU = {'training': {'LogSoftmax'}}


@pytest.fixture(scope='module')
def driver(tmp_path_factory):
    return standin_driver.build(tmp_path_factory.mktemp('standin'))


@pytest.fixture
def build(driver, tmp_path):
    """Build graphs in a fresh process: what it printed, the counts."""
    def run(floatX, capability, *graphs, code=0, **variables):
        report = tmp_path / 'report.json'
        returned, out, err = standin_driver.run(
            driver, [BUILD, floatX] + list(graphs), tmp_path,
            THEANO_FLAGS=USER_FLAGS,
            # Kernels that are there already would not be built.
            GPUARRAY_CACHE_PATH=str(tmp_path / 'kernels'),
            **dict({'STANDIN_ARCH': capability, 'STANDIN_REPORT': str(report),
                    'STANDIN_PTXAS': PTXAS}, **variables))
        assert returned == code, err
        counts = json.loads(report.read_text())
        return (json.loads(out.splitlines()[-1]) if code == 0 else err,
                counts)

    return run


def check(found, counts, least):
    assert counts['modules'] >= least and counts['launches'] > least
    assert counts['rejected'] == counts['refused'] == 0
    assert 'GPU stand-in (no GPU)' in found['environment']
    for name, graphs in found['host'].items():
        assert graphs
        for nodes in graphs:
            assert set(nodes) <= ON_THE_CPU.get(name, set()), (name, nodes)


@pytest.mark.compiled
@pytest.mark.parametrize('floatX, graphs, least', [
    ('float32', ('training', 'attack'), 60), ('float64', ('gradient',), 10)])
def test_kernels_build_for_one_gpu(build, floatX, graphs, least):
    check(*build(floatX, '90', *graphs), least)


@pytest.mark.slow
@pytest.mark.parametrize('capability', CAPABILITIES)
@pytest.mark.parametrize('floatX', ['float32', 'float64'])
def test_kernels_build_for_every_gpu(build, floatX, capability):
    check(*build(floatX, capability, 'training', 'attack'), 60)


@pytest.mark.slow
def test_calls_that_do_not_fit_shrink(build):
    """300 probes take 26 MB after the first layer, one takes 0.1."""
    found, counts = build('float32', '90', 'attack',
                          STANDIN_MEMORY=str(9 << 20))
    assert found['device'] and counts['launches'] > 60


LOST = '''
import build
from mishaps import kind_of
try: build.main('float32', 'attack')
except Exception as error: print('kind:', kind_of(error))
'''


@pytest.mark.slow
def test_a_lost_device_is_understood(driver, tmp_path):
    """Whatever Theano and libgpuarray have made of what the driver says."""
    code, out, err = standin_driver.run(
        driver, ['-c', LOST], tmp_path, THEANO_FLAGS=USER_FLAGS,
        GPUARRAY_CACHE_PATH=str(tmp_path / 'kernels'), STANDIN_LOST='40')
    assert code == 0, err
    assert out.splitlines()[-1] == 'kind: lost', out


@pytest.mark.slow
@pytest.mark.parametrize('floatX', ['float32', 'float64'])
def test_graphs_build_with_cudnn(build, driver, tmp_path, floatX):
    """Against its real headers, through ours; max-pool's gradient is
    Theano's own, and all is on the GPU."""
    headers = standin_driver.installed('cudnn', 'include')
    if headers is None:
        pytest.skip('nvidia-cudnn-cu12, whose headers this takes, is not '
                    'installed')
    (tmp_path / 'lib').mkdir()
    (tmp_path / 'include').symlink_to(headers)
    cudnn = standin_driver.build(tmp_path / 'lib', standin_driver.CUDNN)
    found, counts = build(floatX, '90', 'training', 'attack',
                          LD_LIBRARY_PATH=standin_driver.path(
                              driver, cudnn, 'LD_LIBRARY_PATH'))
    assert 'cuDNN 8.9.7' in found['environment']
    assert counts['rejected'] == counts['refused'] == 0
    assert not any(map(any, found['host'].values())), found['host']
    names = ' '.join(found['device'])
    for name in ('GpuDnnConv{', 'GpuDnnConvGradW', 'GpuDnnConvGradI',
                 'GpuMaxPoolGrad'):
        assert name in names, names
    assert 'GpuDnnPoolGrad' not in names


@pytest.mark.compiled
def test_a_gpu_that_computes_nothing_is_caught(driver, tmp_path):
    """The stand-in is one; each of its pieces is in order."""
    code, out, err = standin_driver.run(
        driver, [ROOT + '/doctor.py', '--device', 'cuda0'], tmp_path,
        THEANO_FLAGS=USER_FLAGS)
    assert code == 1, err
    for line in ('ok    GPU          stand-in (no GPU) (9.0), driver for CUDA',
                 'ok    NVRTC        12.4, ', 'ok    cuBLAS       12.4.5, ',
                 'ok    pygpu        with libgpuarray and its headers',
                 'FAIL  compiled     --device cuda0: the GPU started, but '
                 'computes something else than NumPy ('):
        assert '\n' + line in out, out


@pytest.mark.compiled
def test_a_kernel_that_ptxas_refuses_fails(build, tmp_path):
    refuse = tmp_path / 'ptxas'
    refuse.write_text('#!/bin/sh\nexit 1\n')
    refuse.chmod(0o755)
    _, counts = build('float32', '90', 'gradient', code=1,
                      STANDIN_PTXAS=str(refuse))
    assert counts['rejected'] > 0
