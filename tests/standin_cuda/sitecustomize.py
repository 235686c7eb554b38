"""In processes on the stand-ins, these come before NVIDIA's own libraries,
which would not get on with the driver."""

import os

from environment import cuda_libraries


def standins_first(folders=cuda_libraries.folders):
    """Where libraries are looked for."""
    return os.environ['LD_LIBRARY_PATH'].split(os.pathsep) + folders()


cuda_libraries.folders = standins_first
