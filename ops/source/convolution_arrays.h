// Between Theano's generated code and convolution.h: shapes and order.
#pragma once
#include "arrays.h"
#include "convolution.h"

// Complete a geometry by these arrays' lengths and say that of the result;
// false, with an exception, if it is none.
static bool measure(PyArrayObject *x, PyArrayObject *w,
                    ConvolutionGeometry *g, npy_intp *shape)
{
    const npy_intp *d = PyArray_DIMS(x), *e = PyArray_DIMS(w);
    g->images = d[0], g->channels = d[1], g->height = d[2], g->width = d[3];
    g->filters = e[0], g->rows = e[2], g->columns = e[3];
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
    shape[0] = d[0];
    shape[1] = e[0];
    for (int k = 0; k < 2; k++)
        shape[2 + k] = output_length(*g, k) / (g->pool ? 2 : 1);
    return true;
}

static bool succeeded(int failed, const char *message)
{
    if (failed)
        PyErr_SetString(PyExc_RuntimeError, message);
    return !failed;
}

static bool block_forward(PyArrayObject *x, PyArrayObject *w,
                          PyArrayObject *b, ConvolutionGeometry g,
                          PyArrayObject **y, PyArrayObject **mask)
{
    npy_intp shape[4];
    char message[MESSAGE_LENGTH];
    if (!measure(x, w, &g, shape)
        || !has_shape("biases", b, 1, PyArray_DIMS(w))
        || !make_output(y, 4, shape, NPY_FLOAT32, NHWC)
        || !make_output(mask, 4, shape, NPY_UINT8, NHWC))
        return false;
    Ordered xs(x, NHWC), ws(w), bs(b);
    if (!xs.valid() || !ws.valid() || !bs.valid())
        return false;
    return succeeded(
        convolution_block(&g, xs.data<float>(), ws.data<float>(),
                          bs.data<float>(), data_of<float>(y),
                          data_of<uint8_t>(mask), message), message);
}

static bool block_backward(PyArrayObject *x, PyArrayObject *w,
                           PyArrayObject *saved, PyArrayObject *gradient,
                           ConvolutionGeometry g, PyArrayObject **gw,
                           PyArrayObject **gb, PyArrayObject **gx)
{
    npy_intp shape[4];
    char message[MESSAGE_LENGTH];
    const npy_intp *e = PyArray_DIMS(w);
    if (!measure(x, w, &g, shape) || !has_shape("saved", saved, 4, shape)
        || !has_shape("gradient", gradient, 4, shape)
        || !make_output(gw, 4, e, NPY_FLOAT32)
        || !make_output(gb, 1, e, NPY_FLOAT32)
        || !make_output(gx, 4, PyArray_DIMS(x), NPY_FLOAT32, NHWC))
        return false;
    Ordered xs(x, NHWC), ws(w), ss(saved, NHWC), gs(gradient, NHWC);
    if (!xs.valid() || !ws.valid() || !ss.valid() || !gs.valid())
        return false;
    return succeeded(
        convolution_block_grad(
            &g, xs.data<float>(), ws.data<float>(), ss.data<void>(),
            gs.data<float>(), data_of<float>(gw), data_of<float>(gb),
            data_of<float>(gx), message), message);
}
