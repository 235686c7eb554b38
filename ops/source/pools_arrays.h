// Between Theano's generated code and pools.cpp: shapes, order, types.
#pragma once
#include <algorithm>

#include "arrays.h"

// How images of these lengths lie, in NHWC or else plane by plane.
static PoolShape lying(const npy_intp *d, const npy_intp *axes, int side,
                       int relu = 0)
{
    if (axes)
        return {d[0], d[2], d[3], d[1], side, relu};
    return {d[0] * d[1], d[2], d[3], 1, side, relu};
}

// The same for a max-pool, refused where windows do not fit the images.
static PoolShape pool_shape(const npy_intp *d, const npy_intp *axes, int side,
                            int relu = 0)
{
    if (side == 3 && (d[2] % 2 || d[3] % 2)) {
        PyErr_Format(PyExc_ValueError, "overlapping windows: expected an even "
                     "height and width, got %zd and %zd", d[2], d[3]);
        throw Failed();
    }
    return lying(d, axes, side, relu);
}

static void max_pool(PyArrayObject *z, int side, int relu, PyArrayObject **p,
                     PyArrayObject **place)
{
    const npy_intp *d = PyArray_DIMS(z), *axes = axes_of(z);
    const npy_intp pooled[] = {d[0], d[1], d[2] / 2, d[3] / 2};
    const PoolShape shape = pool_shape(d, axes, side, relu);
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

// How images of these lengths lie, and the lengths of their average-pool.
static PoolShape average_shape(const npy_intp *d, const npy_intp *axes,
                               npy_intp *pooled)
{
    if (d[2] < 1 || d[3] < 1) {
        PyErr_Format(PyExc_ValueError, "average-pool: expected a height and a "
                     "width of 1 or more, got %zd and %zd", d[2], d[3]);
        throw Failed();
    }
    const npy_intp found[] = {d[0], d[1], pooled_length(d[2]),
                              pooled_length(d[3])};
    std::copy(found, found + 4, pooled);
    return lying(d, axes, 3);
}

static void average_pool(PyArrayObject *z, PyArrayObject **p)
{
    npy_intp pooled[4];
    const npy_intp *axes = axes_of(z);
    const PoolShape shape = average_shape(PyArray_DIMS(z), axes, pooled);
    BY_TYPE(z, average_pool, Ordered(z, axes),
            make_output(p, 4, pooled, PyArray_TYPE(z), axes), shape)
}

static void average_pool_grad(PyArrayObject *g, PyArrayObject *z,
                              PyArrayObject **gz)
{
    npy_intp pooled[4];
    const npy_intp *d = PyArray_DIMS(z), *axes = axes_of(z);
    const PoolShape shape = average_shape(d, axes, pooled);
    check_shape("gradient", g, 4, pooled);
    BY_TYPE(g, average_pool_grad, Ordered(g, axes),
            make_output(gz, 4, d, PyArray_TYPE(g), axes), shape)
}
