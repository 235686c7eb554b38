// Between Theano's generated code and max_pool.cpp: shapes, order, types.
#pragma once
#include "arrays.h"

// How images of these lengths lie, refused where windows do not fit them.
static PoolShape pool_shape(const npy_intp *d, const npy_intp *axes, int side)
{
    if (side == 3 && (d[2] % 2 || d[3] % 2)) {
        PyErr_Format(PyExc_ValueError, "overlapping windows: expected an even "
                     "height and width, got %zd and %zd", d[2], d[3]);
        throw Failed();
    }
    if (axes)
        return {d[0], d[2], d[3], d[1], side};
    return {d[0] * d[1], d[2], d[3], 1, side};
}

static void max_pool(PyArrayObject *z, int side, PyArrayObject **p,
                     PyArrayObject **place)
{
    const npy_intp *d = PyArray_DIMS(z), *axes = axes_of(z);
    const npy_intp pooled[] = {d[0], d[1], d[2] / 2, d[3] / 2};
    const PoolShape shape = pool_shape(d, axes, side);
    BY_TYPE(z, max_pool, Ordered(z, axes),
            make_output(p, 4, pooled, PyArray_TYPE(z), axes),
            make_output(place, 4, pooled, NPY_UINT8, axes), shape)
}

// The gradient lies as the place does, and so as z did.
static void max_pool_grad(PyArrayObject *place, PyArrayObject *g,
                          PyArrayObject *z_shape, int side,
                          PyArrayObject **gz)
{
    npy_intp d[4];
    read_shape(z_shape, d);
    const npy_intp pooled[] = {d[0], d[1], d[2] / 2, d[3] / 2};
    const npy_intp *axes = axes_of(place);
    const PoolShape shape = pool_shape(d, axes, side);
    check_shape("place", place, 4, pooled);
    check_shape("gradient", g, 4, pooled);
    BY_TYPE(g, max_pool_grad, Ordered(place, axes), Ordered(g, axes),
            make_output(gz, 4, d, PyArray_TYPE(g), axes), shape)
}
