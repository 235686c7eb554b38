// Between Theano's generated code and bias_relu.h: shapes, order, types.
#pragma once
#include "bias_relu.h"
#include "layouts.h"

static bool bias_relu(PyArrayObject *z, PyArrayObject *b, PyArrayObject **y)
{
    const npy_intp *d = PyArray_DIMS(z);
    if (!has_shape("biases", b, 1, d + 1)
        || !make_output(y, 4, d, PyArray_TYPE(z), NULL))
        return false;
    Ordered zs(z, NULL), bs(b, NULL);
    if (!zs.valid() || !bs.valid())
        return false;
    const int64_t shape[] = {d[0], d[1], d[2], d[3]};
    BY_TYPE(z, bias_relu, F, (zs.data<F>(), bs.data<F>(),
                              (F *)PyArray_DATA(*y), shape))
    return true;
}

static bool bias_relu_grad(PyArrayObject *y, PyArrayObject *g,
                           PyArrayObject **gz, PyArrayObject **gb)
{
    const npy_intp *d = PyArray_DIMS(y);
    if (!has_shape("gradient", g, 4, d)
        || !make_output(gz, 4, d, PyArray_TYPE(y), NULL)
        || (gb && !make_output(gb, 1, d + 1, PyArray_TYPE(y), NULL)))
        return false;
    Ordered ys(y, NULL), gs(g, NULL);
    if (!ys.valid() || !gs.valid())
        return false;
    const int64_t shape[] = {d[0], d[1], d[2], d[3]};
    BY_TYPE(y, bias_relu_grad, F,
            (ys.data<F>(), gs.data<F>(), (F *)PyArray_DATA(*gz),
             gb ? (F *)PyArray_DATA(*gb) : NULL, shape))
    return true;
}

static bool bias_relu_pool(PyArrayObject *z, PyArrayObject *b,
                           PyArrayObject **p, PyArrayObject **mask)
{
    const npy_intp *d = PyArray_DIMS(z);
    const npy_intp pooled[] = {d[0], d[1], d[2] / 2, d[3] / 2};
    if (!has_shape("biases", b, 1, d + 1)
        || !make_output(p, 4, pooled, PyArray_TYPE(z), NULL)
        || (mask && !make_output(mask, 4, pooled, NPY_UINT8, NULL)))
        return false;
    Ordered zs(z, NULL), bs(b, NULL);
    if (!zs.valid() || !bs.valid())
        return false;
    const int64_t shape[] = {d[0], d[1], d[2], d[3]};
    BY_TYPE(z, bias_relu_pool, F,
            (zs.data<F>(), bs.data<F>(), (F *)PyArray_DATA(*p),
             mask ? (uint8_t *)PyArray_DATA(*mask) : NULL, shape))
    return true;
}

static bool bias_relu_pool_grad(PyArrayObject *mask, PyArrayObject *g,
                                PyArrayObject *z_shape, PyArrayObject **gz,
                                PyArrayObject **gb)
{
    npy_intp d[4];
    for (int k = 0; k < 4; k++)
        d[k] = (npy_intp)*(npy_int64 *)PyArray_GETPTR1(z_shape, k);
    const npy_intp pooled[] = {d[0], d[1], d[2] / 2, d[3] / 2};
    if (!has_shape("mask", mask, 4, pooled)
        || !has_shape("gradient", g, 4, pooled)
        || !make_output(gz, 4, d, PyArray_TYPE(g), NULL)
        || (gb && !make_output(gb, 1, d + 1, PyArray_TYPE(g), NULL)))
        return false;
    Ordered masks(mask, NULL), gs(g, NULL);
    if (!masks.valid() || !gs.valid())
        return false;
    const int64_t shape[] = {d[0], d[1], d[2], d[3]};
    BY_TYPE(g, bias_relu_pool_grad, F,
            (masks.data<uint8_t>(), gs.data<F>(), (F *)PyArray_DATA(*gz),
             gb ? (F *)PyArray_DATA(*gb) : NULL, shape))
    return true;
}
