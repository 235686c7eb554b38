"""Every missing piece behind --device cuda0 has its own line.

On the stand-in driver (tests/standin_cuda/driver.c), in processes of their
own; nothing of this needs a GPU.
"""

import ctypes
import os
import subprocess
import sys

import pytest
import standin_driver

from environment import cuda, cuda_libraries
from environment.cuda_driver import Driver
from environment.theano_flags import join_tags
from errors import UserError
from mishaps import kind_of

PREPARE = '''
from environment.cuda import prepare_cuda
from errors import UserError
try: print(prepare_cuda(%r, 'g++')[1])
except UserError as error: print('refused', error)
'''


@pytest.fixture(scope='module')
def driver(tmp_path_factory):
    return standin_driver.build(tmp_path_factory.mktemp('standin'))


@pytest.fixture(scope='module')
def prepare(driver, tmp_path_factory):
    """Prepare in a fresh process; what it says."""
    cache = tmp_path_factory.mktemp('cache')

    def say(device='cuda0', **variables):
        code, out, err = standin_driver.run(
            driver, ['-c', PREPARE % device], cache, **variables)
        assert code == 0, err
        return out.strip()

    return say


def test_it_says_what_it_runs_on(prepare):
    if standin_driver.missing():
        pytest.skip(standin_driver.missing())
    assert prepare() == (
        'GPU stand-in (no GPU) (9.0), driver for CUDA 12.4, NVRTC 12.4, '
        'cuBLAS 12.4.5, no cuDNN, TF32 off')
    assert prepare(NVIDIA_TF32_OVERRIDE='1').endswith('TF32 left to CUDA')


@pytest.mark.parametrize('variables, line', [
    ({'LD_LIBRARY_PATH': ''}, 'expected NVIDIA\'s driver, found no '
     'libcuda.so.1: install the driver'),
    ({'STANDIN_DEVICES': '0'}, '--device cuda0: the driver is there, but '
     'shows no GPU'),
    ({'STANDIN_DRIVER': '10020'}, '--device cuda0: expected a driver for CUDA '
     '11.0 or later, this one is for 10.2: install a newer'),
    ({'STANDIN_DRIVER': '12020'}, 'NVRTC 12.4 is newer than the driver, which '
     'reads CUDA 12.2 and before: install a newer driver, or pip install '
     '"nvidia-cuda-nvrtc-cu12==12.2.*"'),
    ({'STANDIN_ARCH': '120'}, 'stand-in (no GPU) has compute capability 12.0: '
     'expected one from 5.0 to 9.0'),
    ({'STANDIN_ARCH': '37'}, 'stand-in (no GPU) has compute capability 3.7'),
])
def test_every_piece_that_does_not_fit_is_one_line(prepare, variables, line):
    if 'LD_LIBRARY_PATH' in variables and standin_driver.installed_driver():
        pytest.skip('this machine has NVIDIA\'s driver')
    said = prepare(**variables)
    assert said.startswith('refused ' + line), said
    assert '\n' not in said


def test_a_device_that_is_not_there_is_one_line(prepare):
    assert prepare('cuda3').startswith(
        'refused --device cuda3: expected a GPU of that number, the driver '
        'shows 1')


DRIVER = Driver('libcuda.so.1', (12, 4), 'a GPU', (8, 0))


def library(folder, name, code=''):
    """A small library; its path."""
    path = str(folder / name)
    subprocess.run(['gcc', '-shared', '-fPIC', '-x', 'c', '-', '-o', path],
                   input=code.encode(), check=True)
    return path


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """Libraries are looked for in one empty folder."""
    monkeypatch.setattr(cuda_libraries, 'folders', lambda: [str(tmp_path)])
    return tmp_path


def test_no_nvrtc_is_one_line(bare):
    with pytest.raises(UserError, match='^expected NVRTC, which compiles'):
        cuda_libraries.find_nvrtc(DRIVER)


def test_of_several_nvrtcs_the_first_that_the_driver_reads_is_taken(
        bare, monkeypatch):
    folders = []
    for version in ('13.0', '12.2'):
        folder = bare / version
        folder.mkdir()
        (folder / ('libnvrtc.so.' + version[:2])).write_text('')
        (folder / ('libnvrtc-builtins.so.' + version)).write_text('')
        folders.append(str(folder))
    monkeypatch.setattr(cuda_libraries, 'folders', lambda: folders)
    found = cuda_libraries.readable_nvrtc(DRIVER)
    assert (found.version, str(found)) == ((12, 2), '12.2')
    assert found.path == os.path.join(folders[1], 'libnvrtc.so.12')


def test_no_cublas_and_one_too_new_are_one_line_each(bare):
    with pytest.raises(UserError, match='^expected cuBLAS, found no '
                       'libcublas.so: pip install'):
        cuda_libraries.find_cublas(DRIVER)
    (bare / 'libcublas.so.13').write_text('')
    with pytest.raises(UserError, match='^cuBLAS 13 is newer than the driver'
                       ', which is for CUDA 12.4: .* nvidia-cublas-cu12$'):
        cuda_libraries.find_cublas(DRIVER)


@pytest.mark.parametrize('number, version', [(8907, '8.9.7'),
                                             (91002, '9.10.2')])
def test_cudnns_version_is_read_and_wants_its_header(tmp_path, monkeypatch,
                                                     number, version):
    folder = tmp_path / 'cudnn' / 'lib'
    folder.mkdir(parents=True)
    monkeypatch.setattr(cuda_libraries, 'folders', lambda: [str(folder)])
    path = library(folder, 'libcudnn.so.%d' % int(version[0]),
                   'long cudnnGetVersion(void) { return %d; }' % number)
    headers = tmp_path / 'cudnn' / 'include'
    (headers / 'crt').mkdir(parents=True)
    for name in ('cudnn.h', 'cuda_runtime_api.h', 'crt/host_defines.h'):
        assert cuda_libraries.find_cudnn() is None
        (headers / name).write_text('')
    found = cuda_libraries.find_cudnn()
    assert (str(found), found.path) == (version, path)


def test_pygpu_and_libgpuarray_have_their_lines(monkeypatch, tmp_path):
    monkeypatch.setattr(cuda, 'DEBIAN', str(tmp_path))
    monkeypatch.setattr(cuda.importlib.util, 'find_spec',
                        lambda name: None)
    with pytest.raises(UserError, match='^expected pygpu 0.7.6, found none: '
                       'on Debian 12, with its Python 3.11: apt install'):
        cuda.find_pygpu('g++')


def test_only_pygpu_comes_from_debians_folder(tmp_path, monkeypatch):
    for name in ('pygpu', 'numpy'):
        (tmp_path / name).mkdir()
        (tmp_path / name / '__init__.py').write_text('')
    monkeypatch.setattr(cuda, 'DEBIAN', str(tmp_path))
    find = cuda.DebianFinder.find_spec
    assert find('pygpu').origin == str(tmp_path / 'pygpu' / '__init__.py')
    assert find('numpy') is None


def test_an_alias_is_found_by_its_bare_name(tmp_path):
    """What libgpuarray does: dlopen of a name that no file has."""
    from environment.cuda_names import link_alias
    path = library(tmp_path, 'libreal.so.7', 'int seven(void) { return 7; }')
    link_alias(str(tmp_path / 'libalias.so'), path, 'g++')
    with pytest.raises(OSError):
        ctypes.CDLL('libalias.so')
    ctypes.CDLL(path, ctypes.RTLD_GLOBAL)
    ctypes.CDLL(str(tmp_path / 'libalias.so'), ctypes.RTLD_GLOBAL)
    assert ctypes.CDLL('libalias.so').seven() == 7


def test_the_users_excluded_optimizations_come_to_ours():
    name = 'optimizer_excluding'
    assert join_tags(name, ['pool'], {}) == {name: 'pool'}
    assert join_tags(name, ['pool'], {name: 'a:b'}) == {name: 'pool:a:b'}
    assert join_tags(name, [], {}) == {}


@pytest.mark.parametrize('error, kind', [
    (MemoryError(), 'memory'),
    (RuntimeError('cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY: out of memory'),
     'memory'),
    (RuntimeError('cuEventSynchronize: CUDA_ERROR_LAUNCH_FAILED: unspecified '
                  'launch failure'), 'lost'),
    (ValueError('shapes do not match'), None)])
def test_errors_are_told_apart(monkeypatch, error, kind):
    monkeypatch.setitem(sys.modules, 'pygpu', ctypes)
    assert kind_of(error) == kind
