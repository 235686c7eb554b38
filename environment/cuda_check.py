"""Whether the GPU computes, found out by computing something small."""

from errors import UserError

SHAPE = (64, 96, 80)      # of the product: rows, inner, columns
TOLERANCE = {'float32': 1e-5, 'float64': 1e-12}


def check_device(theano, device):
    """Compare a product and its exponentials with NumPy's, in floatX.

    Theano only logs a GPU that does not start and goes on: we do not.

    Parameters
    ----------
    theano : module
    device : str

    Raises
    ------
    UserError
        If the GPU did not start, or computes something else.
    """
    import theano.gpuarray
    if not theano.gpuarray.pygpu_activated:
        raise UserError('--device %s: expected a CUDA GPU through pygpu and '
                        'libgpuarray, but it did not start (the reason is '
                        'above): python doctor.py --device %s looks at every '
                        'piece; --device cpu does without' % (device, device))
    error = difference(theano)
    if not error < TOLERANCE[theano.config.floatX]:
        raise UserError('--device %s: the GPU started, but computes something '
                        'else than NumPy (%.0e off in %s): look at the driver '
                        'and the libraries (python doctor.py --device %s), or '
                        'use --device cpu'
                        % (device, error, theano.config.floatX, device))


def difference(theano):
    """Relative error of tanh(a b) on the device, by cuBLAS and a kernel."""
    import numpy as np
    import theano.tensor as T
    rows, inner, columns = SHAPE
    generator = np.random.RandomState(0)
    a = generator.standard_normal((rows, inner)) / inner
    b = generator.standard_normal((inner, columns))
    x, y = T.matrices('xy')
    product = theano.function([x, y], T.tanh(T.dot(x, y)))(
        *(array.astype(theano.config.floatX) for array in (a, b)))
    expected = np.tanh(a @ b)
    return float(np.linalg.norm(product - expected)
                 / np.linalg.norm(expected))
