// Between Theano's generated code and batch_norm.cpp: shapes, order, types.
#pragma once
#include <initializer_list>

#include "arrays.h"

static ChannelShape channel_shape(PyArrayObject *x, const npy_intp *axes)
{
    const npy_intp *d = PyArray_DIMS(x);
    if (axes)
        return {d[0] * d[2] * d[3], d[1], 1};
    return {d[0], d[1], d[2] * d[3]};
}

// Refuse arrays that are not one number a channel of x.
static void check_channels(PyArrayObject *x,
                           std::initializer_list<PyArrayObject *> arrays)
{
    for (PyArrayObject *array : arrays)
        check_shape("numbers of channels", array, 1, PyArray_DIMS(x) + 1);
}

static double number(PyArrayObject *array)
{
    if (PyArray_TYPE(array) == NPY_FLOAT32)
        return *(npy_float32 *)PyArray_DATA(array);
    return *(npy_float64 *)PyArray_DATA(array);
}

static void normalise_relu(PyArrayObject *x, PyArrayObject *mean,
                           PyArrayObject *factor, PyArrayObject *shift,
                           PyArrayObject **y)
{
    const npy_intp *axes = axes_of(x);
    check_channels(x, {mean, factor, shift});
    BY_TYPE(x, normalise_relu, Ordered(x, axes), Ordered(mean),
            Ordered(factor), Ordered(shift),
            make_output(y, 4, PyArray_DIMS(x), PyArray_TYPE(x), axes),
            channel_shape(x, axes))
}

static void normalise_relu_grad(PyArrayObject *x, PyArrayObject *g,
                                PyArrayObject *mean, PyArrayObject *factor,
                                PyArrayObject *shift, PyArrayObject **gx)
{
    const npy_intp *axes = axes_of(x);
    check_channels(x, {mean, factor, shift});
    check_shape("gradient", g, 4, PyArray_DIMS(x));
    BY_TYPE(x, normalise_relu_grad, Ordered(x, axes), Ordered(g, axes),
            Ordered(mean), Ordered(factor), Ordered(shift),
            make_output(gx, 4, PyArray_DIMS(x), PyArray_TYPE(x), axes),
            channel_shape(x, axes))
}

static void batch_norm_relu(PyArrayObject *x, PyArrayObject *scale,
                            PyArrayObject *shift, PyArrayObject *epsilon,
                            PyArrayObject *momentum, PyArrayObject *running,
                            PyArrayObject *variance, PyArrayObject **y,
                            PyArrayObject **mean, PyArrayObject **inverse,
                            PyArrayObject **moved,
                            PyArrayObject **moved_variance)
{
    const npy_intp *axes = axes_of(x), *c = PyArray_DIMS(x) + 1;
    const int type = PyArray_TYPE(x);
    check_channels(x, {scale, shift, running, variance});
    BY_TYPE(x, batch_norm_relu, Ordered(x, axes), Ordered(scale),
            Ordered(shift), Ordered(running), Ordered(variance),
            make_output(y, 4, PyArray_DIMS(x), type, axes),
            make_output(mean, 1, c, type), make_output(inverse, 1, c, type),
            make_output(moved, 1, c, type),
            make_output(moved_variance, 1, c, type), channel_shape(x, axes),
            number(epsilon), number(momentum))
}

// added may be NULL.
static void batch_norm_relu_grad(PyArrayObject *x, PyArrayObject *g,
                                 PyArrayObject *scale, PyArrayObject *shift,
                                 PyArrayObject *mean, PyArrayObject *inverse,
                                 PyArrayObject *added, PyArrayObject **gx,
                                 PyArrayObject **gscale,
                                 PyArrayObject **gshift)
{
    const npy_intp *axes = axes_of(x), *c = PyArray_DIMS(x) + 1;
    const int type = PyArray_TYPE(x);
    check_channels(x, {scale, shift, mean, inverse});
    check_shape("gradient", g, 4, PyArray_DIMS(x));
    if (added)
        check_shape("added", added, 4, PyArray_DIMS(x));
    BY_TYPE(x, batch_norm_relu_grad, Ordered(x, axes), Ordered(g, axes),
            Ordered(scale), Ordered(shift), Ordered(mean), Ordered(inverse),
            Ordered(added, axes),
            make_output(gx, 4, PyArray_DIMS(x), type, axes),
            make_output(gscale, 1, c, type), make_output(gshift, 1, c, type),
            channel_shape(x, axes))
}
