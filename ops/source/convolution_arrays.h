// Between Theano's generated code and convolution.cpp: shapes and order.
#pragma once
#include "arrays.h"

// Complete a geometry by these arrays' lengths and say the result's shape.
static void measure(PyArrayObject *x, PyArrayObject *w,
                    ConvolutionGeometry *g, npy_intp *shape)
{
    const npy_intp *d = PyArray_DIMS(x), *e = PyArray_DIMS(w);
    g->images = d[0], g->channels = d[1], g->height = d[2], g->width = d[3];
    g->filters = e[0], g->rows = e[2], g->columns = e[3];
    if (e[1] != d[1] || d[1] < 1 || e[0] < 1) {
        PyErr_Format(PyExc_ValueError, "expected filters of the images' %zd "
                     "channels, got %zd filters of %zd", d[1], e[0], e[1]);
        throw Failed();
    }
    for (int k = 0; k < 2; k++)
        if (e[2 + k] < 1 || e[2 + k] > d[2 + k] + 2 * g->pad[k]) {
            PyErr_Format(PyExc_ValueError, "expected filters that fit the "
                         "images, got a length of %zd in one of %zd and "
                         "twice a padding of %zd", e[2 + k], d[2 + k],
                         (npy_intp)g->pad[k]);
            throw Failed();
        }
    shape[0] = d[0];
    shape[1] = e[0];
    for (int k = 0; k < 2; k++)
        shape[2 + k] = output_length(*g, k) / (g->pool ? 2 : 1);
}

// b and added may be NULL.
static void block_forward(PyArrayObject *x, PyArrayObject *w,
                          PyArrayObject *b, PyArrayObject *added,
                          ConvolutionGeometry g, PyArrayObject **y,
                          PyArrayObject **mask)
{
    npy_intp shape[4];
    measure(x, w, &g, shape);
    if (b)
        check_shape("biases", b, 1, PyArray_DIMS(w));
    if (added)
        check_shape("added", added, 4, shape);
    kernels::convolution_block(g, Ordered(x, NHWC), Ordered(w), Ordered(b),
                               Ordered(added, NHWC),
                               make_output(y, 4, shape, NPY_FLOAT32, NHWC),
                               make_output(mask, 4, shape, NPY_UINT8, NHWC));
}

static void block_backward(PyArrayObject *x, PyArrayObject *w,
                           PyArrayObject *saved, PyArrayObject *gradient,
                           ConvolutionGeometry g, PyArrayObject **gw,
                           PyArrayObject **gb, PyArrayObject **gx)
{
    npy_intp shape[4];
    measure(x, w, &g, shape);
    check_shape("saved", saved, 4, shape);
    check_shape("gradient", gradient, 4, shape);
    kernels::convolution_block_grad(
        g, Ordered(x, NHWC), Ordered(w), Ordered(saved, NHWC),
        Ordered(gradient, NHWC),
        make_output(gw, 4, PyArray_DIMS(w), NPY_FLOAT32),
        make_output(gb, 1, PyArray_DIMS(w), NPY_FLOAT32),
        make_output(gx, 4, PyArray_DIMS(x), NPY_FLOAT32, NHWC));
}
