// Arrays as they lie: images in NCHW or, as oneDNN leaves them, in NHWC.
#pragma once
#include "arrays.h"

static const npy_intp CHANNELS_LAST[] = {0, 2, 3, 1};

// The order of an array's axes in memory: CHANNELS_LAST for images that lie
// so and not in C order as well, else NULL.
static const npy_intp *axes_of(PyArrayObject *array)
{
    if (PyArray_NDIM(array) != 4 || PyArray_ISCARRAY_RO(array))
        return NULL;
    const npy_intp *d = PyArray_DIMS(array);
    npy_intp lengths[4];
    for (int k = 0; k < 4; k++)
        lengths[k] = d[k];
    return fits(array, 4, lengths, PyArray_TYPE(array), CHANNELS_LAST)
               ? CHANNELS_LAST : NULL;
}

// Call the function of an array's type, its pointers being void.
#define BY_TYPE(array, name, F, call)                                         \
    if (PyArray_TYPE(array) == NPY_FLOAT32) {                                 \
        typedef float F;                                                      \
        name##_float32 call;                                                  \
    } else {                                                                  \
        typedef double F;                                                     \
        name##_float64 call;                                                  \
    }
