// Between Theano's generated code and uniform.cpp: shapes, order, types.
#pragma once
#include "arrays.h"

// Refuse a state that is not (streams, 6) of int32.
static void check_state(PyArrayObject *state)
{
    if (PyArray_NDIM(state) == 2 && PyArray_DIM(state, 1) == 6
        && PyArray_TYPE(state) == NPY_INT32)
        return;
    PyObject *shape = PyObject_GetAttrString((PyObject *)state, "shape");
    if (shape)
        PyErr_Format(PyExc_ValueError, "state: expected (streams, 6) of "
                     "int32, got %S of %S", shape, PyArray_DESCR(state));
    Py_XDECREF(shape);
    throw Failed();
}

// The shape that `size`, of any type of whole numbers, asks for.
static void read_size(PyArrayObject *size, int rank, npy_intp *shape)
{
    if (PyArray_NDIM(size) != 1 || PyArray_DIM(size, 0) != rank) {
        PyErr_Format(PyExc_ValueError, "size: expected a vector of %d, got "
                     "%zd lengths", rank, PyArray_SIZE(size));
        throw Failed();
    }
    PyArrayObject *lengths = (PyArrayObject *)PyArray_FROM_OTF(
        (PyObject *)size, NPY_INT64, NPY_ARRAY_IN_ARRAY);
    if (!lengths)
        throw Failed();
    double count = 1;                  // exact up to the limit
    bool negative = false;
    for (int k = 0; k < rank; k++) {
        shape[k] = ((const npy_int64 *)PyArray_DATA(lengths))[k];
        negative |= shape[k] < 0;
        count *= shape[k];
    }
    Py_DECREF(lengths);
    if (negative)
        PyErr_SetString(PyExc_ValueError, "size: expected no length below 0");
    else if (count > 2147483647)       // Theano's limit
        PyErr_SetString(PyExc_ValueError, "size: expected at most 2**31 - 1 "
                        "numbers");
    if (PyErr_Occurred())
        throw Failed();
}

// Where the next state goes: the state itself if asked for, unless it has
// an order of its own, else another array, that of the last call if possible.
static Numbers make_next(PyArrayObject *state, bool inplace,
                         PyArrayObject **next)
{
    if (inplace && PyArray_ISCARRAY(state)) {
        Py_INCREF(state);
        Py_XDECREF(*next);
        *next = state;
        return {next};
    }
    if (*next == state) {
        Py_DECREF(*next);
        *next = NULL;
    }
    return make_output(next, 2, PyArray_DIMS(state), NPY_INT32);
}

static void uniform(PyArrayObject *state, PyArrayObject *size, bool inplace,
                    int rank, int type, PyArrayObject **next,
                    PyArrayObject **samples)
{
    npy_intp shape[NPY_MAXDIMS];
    check_state(state);
    read_size(size, rank, shape);
    const Numbers drawn = make_output(samples, rank, shape, type);
    const npy_intp streams = PyArray_DIM(state, 0);
    const npy_intp count = PyArray_SIZE(*samples);
    if (count && !streams) {
        PyErr_Format(PyExc_ValueError, "state: expected a stream for %zd "
                     "numbers, got none", count);
        throw Failed();
    }
    const Ordered from(state);
    BY_TYPE(*samples, uniform, from, make_next(state, inplace, next), drawn,
            streams, count)
}
