"""Python's and C++'s headers, parsed once for all of Theano's C code.

Every one of the some hundred modules that Theano compiles begins with the
same headers, on which g++ spends more time than on the rest, and carries
debugging information that nobody looks at. Precompiled, and without that, the
compiler takes two thirds of the time (results/speed/compiling.json).
"""

import hashlib
import os
import subprocess
import sysconfig

from storage.atomic import atomic_folder

HEADER = 'theano_headers.h'
#: What Theano's own code includes first. NumPy's stay out: modules define
#: macros that those headers read. Theano tries OpenMP without Python's path.
TEXT = ('#if __has_include(<Python.h>)\n#include <Python.h>\n#endif\n'
        '#include <iostream>\n#include <math.h>\n')
#: Of every module that Theano compiles, before the compiler's own.
THEANOS = ['-O3', '-fno-math-errno', '-fvisibility=hidden']
#: g++ takes the first precompiled header whose flags are the module's.
KINDS = {'plain': [], 'openmp': ['-fopenmp']}


def speed_up_compilation(theano, folder):
    """Let Theano's modules start from precompiled headers.

    They are kept in `folder`, Theano's compile directory, and its
    `gcc.cxxflags` name them. What stands in the way (another compiler, a full
    disk) costs speed alone: g++ reads the headers themselves where no
    precompiled one will do.
    """
    if ' ' in folder:                       # Theano splits flags at blanks
        return
    own = '-g0 ' + theano.config.gcc.cxxflags
    theano.config.gcc.cxxflags = own
    flags = theano.gof.cmodule.GCC_compiler.compile_args()
    header = precompile(theano.config.cxx, flags, folder)
    if header:
        # Last, so that the user's own flags stay the first to be read.
        theano.config.gcc.cxxflags = '%s -include %s' % (own, header)


def precompile(compiler, flags, folder):
    """Path of the header, precompiled in both kinds; None if that fails.

    `flags`, a list, are those of every module.
    """
    include = sysconfig.get_paths()['include']
    command = [compiler, '-x', 'c++-header', '-I' + include] + THEANOS + flags
    try:
        version = subprocess.run([compiler, '--version'], check=True,
                                 capture_output=True).stdout.decode()
        # g++ would take an old one, too, after Python's headers changed.
        age = os.stat(os.path.join(include, 'Python.h')).st_mtime_ns
        name = hashlib.sha256('\0'.join(
            [version, TEXT, str(age)] + command).encode()).hexdigest()
        place = os.path.join(folder, 'headers-' + name[:16])
        if not os.path.isdir(place):
            build(command, place)
    except (OSError, subprocess.CalledProcessError):
        return None
    return os.path.join(place, HEADER)


def build(command, place):
    """Make the folder of header and precompiled kinds, whole or not at all."""
    with atomic_folder(place) as attempt:
        header = os.path.join(attempt, HEADER)
        with open(header, 'w', encoding='ascii') as stream:
            stream.write(TEXT)
        os.mkdir(header + '.gch')
        for kind, extra in KINDS.items():
            subprocess.run(
                command + extra + [header, '-o',
                                   os.path.join(header + '.gch', kind)],
                check=True, capture_output=True)
