"""The names under which libgpuarray and Theano ask for CUDA's libraries.

libgpuarray 0.7.6 opens libcuda.so, libnvrtc.so and libcublas.so by these bare
names, which neither a driver nor pip's packages have. The linker reads
LD_LIBRARY_PATH once, as the process starts, and does not care that the same
file was loaded under another path: loading a link called libnvrtc.so does
not help. What it does compare with the bare name is the name written into
every library that is already loaded. So for each of the three a library with
no code is linked that has the name wanted and needs the one that is there;
looking up a symbol in it finds those of what it needs.
"""

import ctypes
import hashlib
import os
import shutil

from environment.cuda_libraries import header_folders
from environment.directories import cache_directory
from environment.toolchain import link
from errors import UserError
from storage.atomic import atomic_folder

COMPATIBILITY = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             'cudnn', 'cudnn.h')
#: The real cudnn.h as ours includes it.
ORIGINAL = 'cudnn_original.h'


def give_names(driver, nvrtc, cublas, cudnn, compiler):
    """Load CUDA's `Driver` and `Library`s so that libgpuarray finds them.

    cuDNN may be None; `compiler` is a path. Returns that of a folder that
    also has cuDNN under the names that Theano's linker and compiler want:
    libcudnn.so, include/cudnn.h.
    """
    wanted = {'libcuda.so': driver.path, 'libnvrtc.so': nvrtc.path,
              'libcublas.so': cublas.path}
    key = hashlib.sha256(repr([wanted, nvrtc, cublas, cudnn]).encode()
                         ).hexdigest()[:16]
    folder = os.path.join(cache_directory('cuda'), key)
    if not os.path.isdir(folder):
        make(folder, wanted, cudnn, compiler)
    for name, path in wanted.items():
        # The needed one first, from where it lies: nothing else finds it.
        for each in (path, os.path.join(folder, name)):
            ctypes.CDLL(each, ctypes.RTLD_GLOBAL)
    return folder


def make(folder, wanted, cudnn, compiler):
    """Make the folder elsewhere and move it into place, whole."""
    with atomic_folder(folder) as work:
        for name, path in wanted.items():
            link_alias(os.path.join(work, name), path, compiler)
        if cudnn:
            os.symlink(cudnn.path, os.path.join(work, 'libcudnn.so'))
            # Under its own name, too: that is what Theano's modules need.
            os.symlink(cudnn.path, os.path.join(
                work, os.path.basename(cudnn.path)))
            collect_headers(os.path.join(work, 'include'), cudnn)


def link_alias(target, needed, compiler):
    """Link a library without code that is called like its file."""
    complaint = link(compiler, target, '-Wl,-soname,'
                     + os.path.basename(target), '-Wl,--no-as-needed',
                     '-x', 'none', needed)
    if complaint:
        raise UserError('expected %s to link %s, but it says: %s' % (
            compiler, needed, complaint[-1]))


def collect_headers(folder, cudnn):
    """cuDNN's and CUDA's headers in one folder, ours as cudnn.h."""
    os.mkdir(folder)
    own, *others = header_folders(cudnn.path)
    for source in [own] + [other for other in others
                           if other != '/usr/include']:   # found anyway
        for name in os.listdir(source):
            target = os.path.join(folder, ORIGINAL if name == 'cudnn.h'
                                  else name)
            wanted = name.startswith('cudnn') or source != own
            if wanted and not os.path.lexists(target):
                os.symlink(os.path.join(source, name), target)
    shutil.copyfile(COMPATIBILITY, os.path.join(folder, 'cudnn.h'))
