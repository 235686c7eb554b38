// Between Theano's generated code and elements.h: shapes, order, types.
#pragma once
#include "elements.h"
#include "layouts.h"

// Numbers of one element of a batch.
static int64_t element_size(PyArrayObject *values)
{
    int64_t size = 1;
    for (int k = 1; k < PyArray_NDIM(values); k++)
        size *= PyArray_DIM(values, k);
    return size;
}

static bool element_norms(PyArrayObject *values, PyArrayObject **norms)
{
    const npy_intp count = PyArray_DIM(values, 0);
    Ordered lying(values, axes_of(values));
    if (!lying.valid() || !make_output(norms, 1, &count, NPY_FLOAT64, NULL))
        return false;
    BY_TYPE(values, element_norms, F,
            (lying.data<F>(), (double *)PyArray_DATA(*norms), count,
             element_size(values)))
    return true;
}

static bool scale_elements(PyArrayObject *values, PyArrayObject *factors,
                           PyArrayObject **scaled)
{
    const npy_intp count = PyArray_DIM(values, 0), *axes = axes_of(values);
    Ordered lying(values, axes), all(factors, NULL);
    if (!has_shape("factors", factors, 1, &count) || !lying.valid()
        || !all.valid()
        || !make_output(scaled, PyArray_NDIM(values), PyArray_DIMS(values),
                        PyArray_TYPE(values), axes))
        return false;
    BY_TYPE(values, scale_elements, F,
            (lying.data<F>(), all.data<F>(), (F *)PyArray_DATA(*scaled),
             count, element_size(values)))
    return true;
}
