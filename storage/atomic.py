"""Files and folders that are either wholly there or not at all.

Everything is written to a temporary neighbour, flushed to the disk and
renamed, so that a kill, a full disk or a crash never leaves half a file
under its name, nor damages the one that was there before. After a kill the
neighbour may remain; its name ends in `TEMPORARY`.
"""

import contextlib
import errno
import io
import json
import math
import os
import shutil
import tempfile

TEMPORARY = '.half-written'
#: How file systems say that they have no modes, or no flushing (CIFS, FUSE,
#: WSL's). Anything else means that the disk is full or broken.
NOT_OFFERED = {errno.EPERM, errno.EACCES, errno.EINVAL, errno.ENOSYS,
               errno.EOPNOTSUPP}


@contextlib.contextmanager
def atomic_file(path, mode='wb'):
    """Open a temporary neighbour of `path`, renamed to it on success.

    Parameters
    ----------
    path : str or os.PathLike
        The file to create or replace. Its folder is made if need be.
    mode : str
        'wb' or 'w' (text is UTF-8).

    Raises
    ------
    OSError
        As the file system says it; `path` is then as it was before.
    """
    path = os.path.abspath(path)
    folder, name = os.path.split(path)
    os.makedirs(folder, exist_ok=True)
    number, temporary = tempfile.mkstemp(
        prefix='.' + name + '.', suffix=TEMPORARY, dir=folder)
    try:
        # Names of files may hold what is no UTF-8.
        text = {} if 'b' in mode else {'encoding': 'utf-8',
                                       'errors': 'backslashreplace'}
        with os.fdopen(number, mode, **text) as stream:
            yield stream
            flush(stream)
        with where_offered():
            os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException as error:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        if isinstance(error, OSError) and error.filename is None:
            error.filename = path
        raise


@contextlib.contextmanager
def atomic_folder(path):
    """Make a temporary neighbour of `path`, moved there on success.

    Its parent is made if need be. Where another process was faster, its
    folder stays and this one goes. An OSError as for `atomic_file`.
    """
    path = os.path.abspath(path)
    parent, name = os.path.split(path)
    os.makedirs(parent, exist_ok=True)
    temporary = tempfile.mkdtemp(prefix='.' + name + '.', suffix=TEMPORARY,
                                 dir=parent)
    try:
        yield temporary
        with where_offered():
            os.chmod(temporary, 0o777 & ~_umask())
        try:
            os.rename(temporary, path)
        except OSError:
            if not os.path.isdir(path):
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def flush(stream):
    """Bring what was written to the disk, where the file system can."""
    stream.flush()
    with where_offered():
        os.fsync(stream.fileno())


@contextlib.contextmanager
def where_offered():
    """Do something that files are good without, if the file system can."""
    try:
        yield
    except OSError as error:
        if error.errno not in NOT_OFFERED:
            raise


def read_json(path):
    """What a file of JSON holds; OSError or ValueError if it cannot be."""
    with open(path, encoding='utf-8') as stream:
        return json.load(stream)


def write_json(path, value):
    """Write `value` as indented JSON; NaN and infinities are refused."""
    with atomic_file(path, 'w') as stream:
        json.dump(value, stream, indent=1, allow_nan=False)
        stream.write('\n')


def json_ready(value):
    """A value as JSON has it; what is no finite number becomes null."""
    if hasattr(value, '_asdict'):
        return json_ready(value._asdict())
    if isinstance(value, dict):
        return {name: json_ready(item) for name, item in value.items()}
    if hasattr(value, 'tolist'):      # of NumPy, which is not imported here
        return json_ready(value.tolist())
    if isinstance(value, list):
        return [json_ready(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def write_npz(path, arrays):
    """Write a dict of arrays as an uncompressed .npz; objects are refused."""
    # Here, so that reading a description does not import NumPy before the
    # environment is prepared.
    import numpy as np
    for name, array in arrays.items():
        if np.asarray(array).dtype.hasobject:
            raise TypeError('%s: an object array would be pickled' % name)
    content = io.BytesIO()
    np.savez(content, **arrays)
    with atomic_file(path) as stream:
        stream.write(content.getbuffer())


def _umask():
    """The process's umask: tempfile's modes would hide results from others."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
