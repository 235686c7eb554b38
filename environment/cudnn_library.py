"""cuDNN 8 or 9, without which a GPU is only slower, and its headers."""

import ctypes
import os

from environment.cuda_libraries import Library, candidates, folders, major


def find_cudnn():
    """cuDNN 8 or 9 with all headers; None without, as it is only faster."""
    for path in candidates('cudnn'):
        if major(path) in (8, 9) and header_folders(path):
            try:
                number = ctypes.CDLL(path, ctypes.RTLD_GLOBAL
                                     ).cudnnGetVersion()
            except OSError:
                continue   # one for another CUDA, whose cuBLAS is not here
            # 8907 and 91002: the place of the patch has moved with 9.
            scale = 1000 if number < 10000 else 10000
            return Library(path, (number // scale, number % scale // 100,
                                  number % 100))
    return None


def header_folders(cudnn):
    """Folders of the headers that cuDNN's own takes, its own first.

    Parameters
    ----------
    cudnn : str
        Path of the library.

    Returns
    -------
    list of str
        Empty if any header is missing.
    """
    beside = os.path.join(os.path.dirname(os.path.dirname(cudnn)), 'include')
    multiarch = os.path.join(beside, 'x86_64-linux-gnu')
    cuda = [os.path.join(os.path.dirname(folder), 'include')
            for folder in folders()]
    found = []
    for name, places in (
            ('cudnn.h', [beside, multiarch]), ('cuda_runtime_api.h', cuda),
            (os.path.join('crt', 'host_defines.h'), cuda)):
        having = [folder for folder in places
                  if os.path.exists(os.path.join(folder, name))]
        if not having:
            return []
        found.append(having[0])
    return found
