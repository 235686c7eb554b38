"""What the C++ of ops/source computes, said in NumPy."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

#: A window's four, in Theano's order.
CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))

#: MRG31k3p's moduli, and what makes numbers of (0, 1] of whole ones.
M1, M2 = np.int32(2 ** 31 - 1), np.int32(2 ** 31 - 21069)
NORM = {'float32': np.float32(4.6566126e-10), 'float64': 2. ** -31}


def check_shape(name, array, shape):
    """Raise as the C++ does."""
    if array.shape != tuple(shape):
        raise ValueError('%s: expected the shape %s, got %s'
                         % (name, tuple(shape), array.shape))


def add_bias(z, b):
    """z + b, b going with the second axis."""
    check_shape('biases', b, z.shape[1:2])
    return z + b[:, None, None]


def relu(v):
    """ReLU that leaves the sign of what it takes to 0."""
    return np.where(v < 0, v.dtype.type(-0.), v + v.dtype.type(0))


def slope(y):
    """d ReLU / dv by y: 1, a half at +0, 0 at -0, NaN for NaN."""
    half = y.dtype.type(0.5)
    return np.where(y == 0, np.where(np.signbit(y), 0, half), y / y
                    ).astype(y.dtype)


def corners(array):
    """The four of every window, as four views (n, c, h // 2, w // 2)."""
    h, w = [length // 2 * 2 for length in array.shape[2:]]
    return [array[:, :, i:h:2, j:w:2] for i, j in CORNERS]


def pool(v):
    """ReLU and max-pool of v (n, c, h, w): p and mask."""
    four = [(relu(corner), corner) for corner in corners(v)]
    p = four[0][0]
    for y, _ in four[1:]:
        p = np.where(y > p, y, p)
    mask = np.zeros(p.shape, np.uint8)
    for k, (y, corner) in enumerate(four):
        maximum = (y == p) & ~(corner < 0)
        flag = (maximum & (corner == 0)) | np.isnan(corner)
        mask |= (maximum * (1 << k) + flag * (16 << k)).astype(np.uint8)
    return p, mask


def unpool(mask, g, size):
    """The gradient of v (n, c, *size) by `pool`'s mask and p's gradient."""
    gz = np.zeros(g.shape[:2] + tuple(size), g.dtype)
    for k, corner in enumerate(corners(gz)):
        share = np.array([0, 1, np.nan, 0.5], g.dtype)[
            (mask >> k & 1) + 2 * (mask >> (4 + k) & 1)]
        corner[...] = np.where(share == 0, 0, share * g)
    return gz


def windows(x, size, stride, pad):
    """What each filter sees of images (n, c, h, w), in double precision.

    Returns
    -------
    numpy.ndarray, float64 (n, c, h', w', *size)
    """
    padded = np.pad(x.astype(np.float64),
                    [(0, 0), (0, 0)] + [(zeros, zeros) for zeros in pad])
    return sliding_window_view(padded, size, axis=(2, 3))[
        :, :, ::stride[0], ::stride[1]]


def spread(gz, w, shape, stride, pad):
    """The gradient of images of a shape by that of x * w, not turned."""
    n, c, height, width = shape
    gx = np.zeros((n, c, height + 2 * pad[0], width + 2 * pad[1]))
    rows, columns = gz.shape[2] * stride[0], gz.shape[3] * stride[1]
    for i, j in np.ndindex(w.shape[2:]):
        gx[:, :, i:i + rows:stride[0], j:j + columns:stride[1]] += np.einsum(
            'nfhw,fc->nchw', gz, w[:, :, i, j].astype(np.float64))
    return gx[:, :, pad[0]:pad[0] + height, pad[1]:pad[1] + width]


def uniform(state, count, dtype):
    """Random numbers by MRG31k3p, as Theano's C draws them.

    Parameters
    ----------
    state : numpy.ndarray, int32 (streams, 6)
    count : int
        Number i comes of stream i % streams.
    dtype : {'float32', 'float64'}

    Returns
    -------
    numpy.ndarray (count,), numpy.ndarray int32 (streams, 6)
        Samples in (0, 1], and the state after them.
    """
    check_shape('state', state, (len(state), 6))
    after = state.copy()
    samples = np.empty(count, dtype)
    for start in range(0, count, len(state)):
        drawn = samples[start:start + len(state)]
        rows = after[:len(drawn)]
        x11, x12, x13, x21, x22, x23 = rows.T.copy()
        a = reduce(((x12 & 511) << 22) + (x12 >> 9)
                   + ((x13 & 16777215) << 7) + (x13 >> 24), M1)
        a = reduce(a + x13, M1)
        b = reduce(reduce(turn(x23) + x23, M2) + turn(x21), M2)
        rows[:] = np.stack([a, x11, x12, b, x21, x22], axis=1)
        whole = np.where(a <= b, a - b + M1, a - b)
        drawn[:] = whole.astype(dtype) * NORM[dtype]
    return samples, after


def reduce(y, m):
    """y less m where it has reached m; int32, whose sums have wrapped."""
    return np.where((y < 0) | (y >= m), y - m, y)


def turn(x):
    """2^15 x modulo M2."""
    return reduce(((x & 65535) << 15) + (x >> 16) * np.int32(21069), M2)
