"""The pieces behind --device cuda0, one by one; only a wish on the CPU."""

from checks import Finding
from environment import cuda_driver, cuda_libraries, cuda_packages
from environment.theano_flags import UserSettings
from errors import UserError


def gpu(args):
    """Driver and GPU, NVRTC, cuBLAS, cuDNN, pygpu and libgpuarray.

    What they do together is found out when the process is prepared.
    """
    wanted = args.device != 'cpu'
    state = 'FAIL' if wanted else 'warn'
    compiler = UserSettings().get('cxx') or 'g++'
    try:
        driver = cuda_driver.open_driver(args.device if wanted else 'cuda')
    except UserError as error:
        yield Finding(state, 'GPU', str(error), '' if wanted else
                      'needed for --device cuda0 only')
        if not wanted:
            return
    else:
        yield Finding('ok', 'GPU', '%s (%d.%d), driver for CUDA %d.%d' % (
            (driver.gpu,) + driver.capability + driver.version))
        yield from libraries(driver, state)
    try:
        cuda_packages.find_pygpu(compiler)
        yield Finding('ok', 'pygpu', 'with libgpuarray and its headers')
    except UserError as error:
        yield Finding(state, 'pygpu', str(error))


def libraries(driver, state):
    """Those of CUDA that suit the driver."""
    try:
        nvrtc = cuda_libraries.find_nvrtc(driver)
        cuda_libraries.check_capability(driver, nvrtc)
        yield Finding('ok', 'NVRTC', '%s, %s' % (str(nvrtc), nvrtc.path))
    except UserError as error:
        yield Finding(state, 'NVRTC', str(error))
    try:
        cublas = cuda_libraries.find_cublas(driver)
        yield Finding('ok', 'cuBLAS', '%s, %s' % (str(cublas), cublas.path))
    except UserError as error:
        yield Finding(state, 'cuBLAS', str(error))
    cudnn = cuda_libraries.find_cudnn()
    if cudnn:
        yield Finding('ok', 'cuDNN', '%s, %s' % (str(cudnn), cudnn.path))
    else:
        yield Finding('warn', 'cuDNN', 'none of 8 or 9 with its headers: it '
                      'runs without, slower', cuda_libraries.INSTALL)


CHECKS = [gpu]
