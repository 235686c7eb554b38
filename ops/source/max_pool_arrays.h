// Between Theano's generated code and max_pool.h: shapes, order, types.
#pragma once
#include "arrays.h"
#include "max_pool.h"

static PoolShape pool_shape(const npy_intp *d, const npy_intp *axes)
{
    if (axes)
        return {d[0], d[2], d[3], d[1]};
    return {d[0] * d[1], d[2], d[3], 1};
}

// Windows that overlap, of 3 x 3, hang over the borders of even images alone.
static bool fits_windows(const npy_intp *d, bool overlap)
{
    if (!overlap || (d[2] % 2 == 0 && d[3] % 2 == 0))
        return true;
    PyErr_Format(PyExc_ValueError, "overlapping windows: expected an even "
                 "height and width, got %zd and %zd", d[2], d[3]);
    return false;
}

static bool max_pool(PyArrayObject *z, bool overlap, PyArrayObject **p,
                     PyArrayObject **place)
{
    const npy_intp *d = PyArray_DIMS(z), *axes = axes_of(z);
    const npy_intp pooled[] = {d[0], d[1], d[2] / 2, d[3] / 2};
    if (!fits_windows(d, overlap)
        || !make_output(p, 4, pooled, PyArray_TYPE(z), axes)
        || !make_output(place, 4, pooled, NPY_UINT8, axes))
        return false;
    Ordered zs(z, axes);
    if (!zs.valid())
        return false;
    const PoolShape shape = pool_shape(d, axes);
    if (overlap)
        BY_TYPE(z, overlap_pool, F,
                (zs.data<F>(), data_of<F>(p), data_of<uint8_t>(place), shape))
    else
        BY_TYPE(z, max_pool, F,
                (zs.data<F>(), data_of<F>(p), data_of<uint8_t>(place), shape))
    return true;
}

// The gradient lies as the place does, and so as z did.
static bool max_pool_grad(PyArrayObject *place, PyArrayObject *g,
                          PyArrayObject *z_shape, bool overlap,
                          PyArrayObject **gz)
{
    npy_intp d[4];
    read_shape(z_shape, d);
    const npy_intp pooled[] = {d[0], d[1], d[2] / 2, d[3] / 2};
    const npy_intp *axes = axes_of(place);
    if (!fits_windows(d, overlap) || !has_shape("place", place, 4, pooled)
        || !has_shape("gradient", g, 4, pooled)
        || !make_output(gz, 4, d, PyArray_TYPE(g), axes))
        return false;
    Ordered places(place, axes), gs(g, axes);
    if (!places.valid() || !gs.valid())
        return false;
    const PoolShape shape = pool_shape(d, axes);
    if (overlap)
        BY_TYPE(g, overlap_pool_grad, F,
                (places.data<uint8_t>(), gs.data<F>(), data_of<F>(gz), shape))
    else
        BY_TYPE(g, max_pool_grad, F,
                (places.data<uint8_t>(), gs.data<F>(), data_of<F>(gz), shape))
    return true;
}
