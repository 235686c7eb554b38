// Between Theano's generated code and bias_relu.cpp: shapes, order, types.
#pragma once
#include "arrays.h"

static void bias_relu(PyArrayObject *z, PyArrayObject *b, PyArrayObject **y)
{
    const npy_intp *d = PyArray_DIMS(z);
    check_shape("biases", b, 1, d + 1);
    BY_TYPE(z, bias_relu, Ordered(z), Ordered(b),
            make_output(y, 4, d, PyArray_TYPE(z)), d)
}

static void bias_relu_grad(PyArrayObject *y, PyArrayObject *g,
                           PyArrayObject **gz, PyArrayObject **gb)
{
    const npy_intp *d = PyArray_DIMS(y), *axes = gb ? NULL : axes_of(y);
    check_shape("gradient", g, 4, d);
    // Without sums over planes, numbers may lie in any order.
    BY_TYPE(y, bias_relu_grad, Ordered(y, axes), Ordered(g, axes),
            make_output(gz, 4, d, PyArray_TYPE(y), axes),
            make_output(gb, 1, d + 1, PyArray_TYPE(y)), d)
}

static void bias_relu_pool(PyArrayObject *z, PyArrayObject *b,
                           PyArrayObject **p, PyArrayObject **mask)
{
    const npy_intp *d = PyArray_DIMS(z);
    const npy_intp pooled[] = {d[0], d[1], d[2] / 2, d[3] / 2};
    check_shape("biases", b, 1, d + 1);
    BY_TYPE(z, bias_relu_pool, Ordered(z), Ordered(b),
            make_output(p, 4, pooled, PyArray_TYPE(z)),
            make_output(mask, 4, pooled, NPY_UINT8), d)
}

static void bias_relu_pool_grad(PyArrayObject *mask, PyArrayObject *g,
                                PyArrayObject *z_shape, PyArrayObject **gz,
                                PyArrayObject **gb)
{
    npy_intp d[4];
    read_shape(z_shape, d);
    const npy_intp pooled[] = {d[0], d[1], d[2] / 2, d[3] / 2};
    check_shape("mask", mask, 4, pooled);
    check_shape("gradient", g, 4, pooled);
    BY_TYPE(g, bias_relu_pool_grad, Ordered(mask), Ordered(g),
            make_output(gz, 4, d, PyArray_TYPE(g)),
            make_output(gb, 1, d + 1, PyArray_TYPE(g)), d)
}
