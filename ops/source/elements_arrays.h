// Between Theano's generated code and elements.cpp: shapes, order, types.
#pragma once
#include "arrays.h"

// Numbers of one element of a batch.
static int64_t element_size(PyArrayObject *values)
{
    return PyArray_MultiplyList(PyArray_DIMS(values) + 1,
                                PyArray_NDIM(values) - 1);
}

static void element_norms(PyArrayObject *values, PyArrayObject **norms)
{
    const npy_intp count = PyArray_DIM(values, 0);
    BY_TYPE(values, element_norms, Ordered(values, axes_of(values)),
            make_output(norms, 1, &count, NPY_FLOAT64), count,
            element_size(values))
}

static void scale_elements(PyArrayObject *values, PyArrayObject *factors,
                           PyArrayObject **scaled)
{
    const npy_intp count = PyArray_DIM(values, 0), *axes = axes_of(values);
    check_shape("factors", factors, 1, &count);
    BY_TYPE(values, scale_elements, Ordered(values, axes), Ordered(factors),
            make_output(scaled, PyArray_NDIM(values), PyArray_DIMS(values),
                        PyArray_TYPE(values), axes), count,
            element_size(values))
}
