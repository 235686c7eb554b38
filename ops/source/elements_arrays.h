// Between Theano's generated code and elements.h: shapes, order, types.
#pragma once
#include "arrays.h"
#include "elements.h"

// Numbers of one element of a batch.
static int64_t element_size(PyArrayObject *values)
{
    return PyArray_MultiplyList(PyArray_DIMS(values) + 1,
                                PyArray_NDIM(values) - 1);
}

static bool element_norms(PyArrayObject *values, PyArrayObject **norms)
{
    const npy_intp count = PyArray_DIM(values, 0);
    Ordered lying(values, axes_of(values));
    if (!lying.valid() || !make_output(norms, 1, &count, NPY_FLOAT64))
        return false;
    BY_TYPE(values, element_norms, F,
            (lying.data<F>(), data_of<double>(norms), count,
             element_size(values)))
    return true;
}

static bool scale_elements(PyArrayObject *values, PyArrayObject *factors,
                           PyArrayObject **scaled)
{
    const npy_intp count = PyArray_DIM(values, 0), *axes = axes_of(values);
    Ordered lying(values, axes), all(factors);
    if (!has_shape("factors", factors, 1, &count) || !lying.valid()
        || !all.valid()
        || !make_output(scaled, PyArray_NDIM(values), PyArray_DIMS(values),
                        PyArray_TYPE(values), axes))
        return false;
    BY_TYPE(values, scale_elements, F,
            (lying.data<F>(), all.data<F>(), data_of<F>(scaled), count,
             element_size(values)))
    return true;
}
