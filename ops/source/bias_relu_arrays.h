// Between Theano's generated code and bias_relu.h: shapes, order, types.
#pragma once
#include "arrays.h"
#include "bias_relu.h"

static bool bias_relu(PyArrayObject *z, PyArrayObject *b, PyArrayObject **y)
{
    const npy_intp *d = PyArray_DIMS(z);
    if (!has_shape("biases", b, 1, d + 1)
        || !make_output(y, 4, d, PyArray_TYPE(z)))
        return false;
    Ordered zs(z), bs(b);
    if (!zs.valid() || !bs.valid())
        return false;
    BY_TYPE(z, bias_relu, F,
            (zs.data<F>(), bs.data<F>(), data_of<F>(y), d))
    return true;
}

static bool bias_relu_grad(PyArrayObject *y, PyArrayObject *g,
                           PyArrayObject **gz, PyArrayObject **gb)
{
    const npy_intp *d = PyArray_DIMS(y);
    if (!has_shape("gradient", g, 4, d)
        || !make_output(gz, 4, d, PyArray_TYPE(y))
        || !make_output(gb, 1, d + 1, PyArray_TYPE(y)))
        return false;
    Ordered ys(y), gs(g);
    if (!ys.valid() || !gs.valid())
        return false;
    BY_TYPE(y, bias_relu_grad, F, (ys.data<F>(), gs.data<F>(), data_of<F>(gz),
                                   data_of<F>(gb), d))
    return true;
}

static bool bias_relu_pool(PyArrayObject *z, PyArrayObject *b,
                           PyArrayObject **p, PyArrayObject **mask)
{
    const npy_intp *d = PyArray_DIMS(z);
    const npy_intp pooled[] = {d[0], d[1], d[2] / 2, d[3] / 2};
    if (!has_shape("biases", b, 1, d + 1)
        || !make_output(p, 4, pooled, PyArray_TYPE(z))
        || !make_output(mask, 4, pooled, NPY_UINT8))
        return false;
    Ordered zs(z), bs(b);
    if (!zs.valid() || !bs.valid())
        return false;
    BY_TYPE(z, bias_relu_pool, F, (zs.data<F>(), bs.data<F>(), data_of<F>(p),
                                   data_of<uint8_t>(mask), d))
    return true;
}

static bool bias_relu_pool_grad(PyArrayObject *mask, PyArrayObject *g,
                                PyArrayObject *z_shape, PyArrayObject **gz,
                                PyArrayObject **gb)
{
    npy_intp d[4];
    read_shape(z_shape, d);
    const npy_intp pooled[] = {d[0], d[1], d[2] / 2, d[3] / 2};
    if (!has_shape("mask", mask, 4, pooled)
        || !has_shape("gradient", g, 4, pooled)
        || !make_output(gz, 4, d, PyArray_TYPE(g))
        || !make_output(gb, 1, d + 1, PyArray_TYPE(g)))
        return false;
    Ordered masks(mask), gs(g);
    if (!masks.valid() || !gs.valid())
        return false;
    BY_TYPE(g, bias_relu_pool_grad, F,
            (masks.data<uint8_t>(), gs.data<F>(), data_of<F>(gz),
             data_of<F>(gb), d))
    return true;
}
