"""Products of all pairs of features: against NumPy, and Theano's own."""

import numpy as np
import pytest
import theano
import theano.tensor as T
from test_ops_max_pool import lying

from ops import residual  # noqa: F401
from ops.gram import Gram, GramGrad, products

pytestmark = pytest.mark.compiled


@pytest.mark.parametrize('how', ['nchw', 'nhwc', 'reversed'])
@pytest.mark.parametrize('dtype', ['float32', 'float64'])
def test_results_are_numpys_and_lie_as_images_do(how, dtype):
    generator = np.random.RandomState(0)
    x, other = [lying(generator.standard_normal((6, 3, 4, 5)).astype(dtype),
                      way) for way in (how, 'nchw')]
    s = generator.standard_normal((6, 6)).astype(dtype)
    symbols = [T.TensorType(dtype, (False,) * rank)() for rank in (4, 2, 4)]
    function = theano.function(symbols, [
        Gram()(symbols[0]), GramGrad()(*symbols[:2]),
        GramGrad(added=True)(*symbols)])
    found = function(x, s, other)
    expected = [np.einsum('ichw,jchw->ij', x, x)]
    expected.append(np.einsum('ij,jchw->ichw', s, x))
    expected.append(expected[1] + other)
    for ours, theirs in zip(found, expected):
        assert ours.dtype == dtype
        np.testing.assert_allclose(
            ours, theirs, atol=1e-4 if dtype == 'float32' else 1e-12)
    if how == 'nhwc':
        assert found[1].strides == found[2].strides == x.strides


@pytest.mark.parametrize('dtype', ['float32', 'float64'])
def test_theanos_products_become_ours(dtype, monkeypatch):
    monkeypatch.setattr(theano.config, 'floatX', dtype)
    x, g, other = [T.TensorType(dtype, (False,) * rank)()
                   for rank in (4, 2, 4)]
    result = products(x)
    total = T.sum(result * g) + T.sum(x * other)
    outputs = [result, theano.grad(total, x)]
    mode = theano.compile.get_default_mode()
    plain, ours = [theano.function([x, g, other], outputs, mode=chosen)
                   for chosen in (mode.excluding('gram', 'residual'),
                                  mode.including('gram', 'residual'))]
    operations = [node.op for node in ours.maker.fgraph.apply_nodes]
    assert [op.added for op in operations
            if isinstance(op, GramGrad)] == [True]
    assert not any(isinstance(node.op, (Gram, GramGrad))
                   for node in plain.maker.fgraph.apply_nodes)
    generator = np.random.RandomState(0)
    arrays = [generator.standard_normal(shape).astype(dtype)
              for shape in ((5, 2, 3, 4), (5, 5), (5, 2, 3, 4))]
    for found, expected in zip(ours(*arrays), plain(*arrays)):
        np.testing.assert_allclose(
            found, expected, rtol=1e-5 if dtype == 'float32' else 1e-12,
            atol=1e-4 if dtype == 'float32' else 1e-12)


def test_arrays_that_do_not_fit_are_refused():
    symbols = [T.TensorType('float64', (False,) * rank)()
               for rank in (4, 2, 4)]
    function = theano.function(symbols, GramGrad(added=True)(*symbols))
    x = np.ones((3, 2, 2, 2))
    for s, added in ((np.ones((2, 2)), x), (np.ones((3, 3)), x[:1])):
        with pytest.raises(ValueError, match='expected the shape'):
            function(x, s, added)
