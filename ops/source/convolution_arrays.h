// Between Theano's generated code and convolution.h: shapes and order.
#pragma once
#include "arrays.h"
#include "convolution.h"

static const npy_intp NHWC[] = {0, 2, 3, 1};

// The geometry of these arrays; false, with an exception, if it is none.
static bool measure(PyArrayObject *x, PyArrayObject *w, const int *settings,
                    ConvolutionGeometry *g)
{
    const npy_intp *d = PyArray_DIMS(x), *e = PyArray_DIMS(w);
    const ConvolutionGeometry measured = {
        d[0], d[1], d[2], d[3], e[0], e[2], e[3],
        {settings[0], settings[1]}, {settings[2], settings[3]},
        settings[4], settings[5], settings[6]};
    *g = measured;
    if (e[1] != d[1] || d[1] < 1 || e[0] < 1) {
        PyErr_Format(PyExc_ValueError, "expected filters of the images' %zd "
                     "channels, got %zd filters of %zd", d[1], e[0], e[1]);
        return false;
    }
    for (int k = 0; k < 2; k++)
        if (e[2 + k] < 1 || e[2 + k] > d[2 + k] + 2 * g->pad[k]) {
            PyErr_Format(PyExc_ValueError, "expected filters that fit the "
                         "images, got a length of %zd in one of %zd and "
                         "twice a padding of %zd", e[2 + k], d[2 + k],
                         (npy_intp)g->pad[k]);
            return false;
        }
    return true;
}

static void result_shape(const ConvolutionGeometry &g, npy_intp *shape)
{
    const npy_intp lengths[] = {g.height - g.rows, g.width - g.columns};
    shape[0] = g.images;
    shape[1] = g.filters;
    for (int k = 0; k < 2; k++)
        shape[2 + k] = ((lengths[k] + 2 * g.pad[k]) / g.stride[k] + 1)
                       / (g.pool ? 2 : 1);
}

static bool raised(int failed, const char *message)
{
    if (failed)
        PyErr_SetString(PyExc_RuntimeError, message);
    return failed;
}

static bool block_forward(PyArrayObject *x, PyArrayObject *w,
                          PyArrayObject *b, const int *settings,
                          PyArrayObject **y, PyArrayObject **mask)
{
    ConvolutionGeometry g;
    npy_intp shape[4];
    char message[MESSAGE_LENGTH];
    if (!measure(x, w, settings, &g)
        || !has_shape("biases", b, 1, PyArray_DIMS(w)))
        return false;
    result_shape(g, shape);
    if (!make_output(y, 4, shape, NPY_FLOAT32, NHWC)
        || (mask && !make_output(mask, 4, shape, NPY_UINT8, NHWC)))
        return false;
    Ordered xs(x, NHWC), ws(w, NULL), bs(b, NULL);
    if (!xs.valid() || !ws.valid() || !bs.valid())
        return false;
    return !raised(
        convolution_block(&g, xs.data<float>(), ws.data<float>(),
                          bs.data<float>(), (float *)PyArray_DATA(*y),
                          mask ? (uint8_t *)PyArray_DATA(*mask) : NULL,
                          message), message);
}

static bool block_backward(PyArrayObject *x, PyArrayObject *w,
                           PyArrayObject *saved, PyArrayObject *gradient,
                           const int *settings, PyArrayObject **gw,
                           PyArrayObject **gb, PyArrayObject **gx)
{
    ConvolutionGeometry g;
    npy_intp shape[4];
    char message[MESSAGE_LENGTH];
    if (!measure(x, w, settings, &g))
        return false;
    result_shape(g, shape);
    const npy_intp *d = PyArray_DIMS(x), *e = PyArray_DIMS(w);
    if (!has_shape("saved", saved, 4, shape)
        || !has_shape("gradient", gradient, 4, shape)
        || (gw && !make_output(gw, 4, e, NPY_FLOAT32, NULL))
        || (gb && !make_output(gb, 1, e, NPY_FLOAT32, NULL))
        || (gx && !make_output(gx, 4, d, NPY_FLOAT32, NHWC)))
        return false;
    Ordered xs(x, NHWC), ws(w, NULL), ss(saved, NHWC), gs(gradient, NHWC);
    if (!xs.valid() || !ws.valid() || !ss.valid() || !gs.valid())
        return false;
    return !raised(
        convolution_block_grad(
            &g, xs.data<float>(), ws.data<float>(), ss.data<void>(),
            gs.data<float>(), gw ? (float *)PyArray_DATA(*gw) : NULL,
            gb ? (float *)PyArray_DATA(*gb) : NULL,
            gx ? (float *)PyArray_DATA(*gx) : NULL, message), message);
}
