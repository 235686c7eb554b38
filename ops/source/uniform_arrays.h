// Between Theano's generated code and uniform.h: shapes, order, types.
#pragma once
#include "arrays.h"
#include "uniform.h"

// Whether a state is (streams, 6) of int32; says what it is if not.
static bool is_state(PyArrayObject *state)
{
    if (PyArray_NDIM(state) == 2 && PyArray_DIM(state, 1) == 6
        && PyArray_TYPE(state) == NPY_INT32)
        return true;
    PyObject *shape = PyObject_GetAttrString((PyObject *)state, "shape");
    if (shape)
        PyErr_Format(PyExc_ValueError, "state: expected (streams, 6) of "
                     "int32, got %S of %S", shape, PyArray_DESCR(state));
    Py_XDECREF(shape);
    return false;
}

// The shape that `size`, of any type of whole numbers, asks for.
static bool read_size(PyArrayObject *size, int rank, npy_intp *shape)
{
    if (PyArray_NDIM(size) != 1 || PyArray_DIM(size, 0) != rank) {
        PyErr_Format(PyExc_ValueError, "size: expected a vector of %d, got "
                     "%zd lengths", rank, PyArray_SIZE(size));
        return false;
    }
    PyArrayObject *lengths = (PyArrayObject *)PyArray_FROM_OTF(
        (PyObject *)size, NPY_INT64, NPY_ARRAY_IN_ARRAY);
    if (!lengths)
        return false;
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
    return !PyErr_Occurred();
}

// Where the next state goes: the state itself if asked for, unless it has
// an order of its own, else another array, that of the last call if possible.
static bool make_next(PyArrayObject *state, bool inplace,
                      PyArrayObject **next)
{
    if (inplace && PyArray_ISCARRAY(state)) {
        Py_INCREF(state);
        Py_XDECREF(*next);
        *next = state;
        return true;
    }
    if (*next == state) {
        Py_DECREF(*next);
        *next = NULL;
    }
    return make_output(next, 2, PyArray_DIMS(state), NPY_INT32);
}

static bool uniform(PyArrayObject *state, PyArrayObject *size, bool inplace,
                    int rank, int type, PyArrayObject **next,
                    PyArrayObject **samples)
{
    npy_intp shape[NPY_MAXDIMS];
    if (!is_state(state) || !read_size(size, rank, shape)
        || !make_output(samples, rank, shape, type))
        return false;
    const npy_intp streams = PyArray_DIM(state, 0);
    const npy_intp count = PyArray_SIZE(*samples);
    if (count && !streams) {
        PyErr_Format(PyExc_ValueError, "state: expected a stream for %zd "
                     "numbers, got none", count);
        return false;
    }
    Ordered states(state);
    if (!states.valid() || !make_next(state, inplace, next))
        return false;
    const int32_t *from = states.data<int32_t>();
    BY_TYPE(*samples, uniform, F, (from, data_of<int32_t>(next),
                                   data_of<F>(samples), streams, count))
    return true;
}
