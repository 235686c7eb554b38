// What Theano's generated code needs of NumPy's arrays. What does not succeed
// sets a Python exception and throws Failed.
#pragma once
#include <exception>
#include <new>

#include "kernels.h"

struct Failed : std::exception {};

// Whether a call succeeds; a Python exception is set if not.
template <class Call> static bool succeeds(const Call &call)
{
    try {
        call();
    } catch (const std::bad_alloc &) {
        PyErr_NoMemory();
        return false;
    } catch (const std::exception &error) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_RuntimeError, error.what());
        return false;
    }
    return true;
}

// The order of axes in memory of images in NHWC, as oneDNN leaves them.
static const npy_intp NHWC[] = {0, 2, 3, 1};

// The numbers of an array in C order under a permutation of its axes: its own,
// or a copy that lasts as long as this. NULL of no array.
class Ordered {
public:
    explicit Ordered(PyArrayObject *array, const npy_intp *axes = NULL)
        : held(NULL)
    {
        if (!array)
            return;
        PyArray_Dims order = {const_cast<npy_intp *>(axes), 4};
        PyArrayObject *view = array;
        if (axes)
            view = (PyArrayObject *)PyArray_Transpose(array, &order);
        held = view ? (PyArrayObject *)PyArray_GETCONTIGUOUS(view) : NULL;
        if (axes)
            Py_XDECREF(view);
        if (!held)
            throw Failed();
    }
    ~Ordered() { Py_XDECREF(held); }
    template <class F> operator const F *() const
    {
        return held ? (const F *)PyArray_DATA(held) : NULL;
    }

private:
    PyArrayObject *held;
    Ordered(const Ordered &);
    Ordered &operator=(const Ordered &);
};

// Whether an array has this type and shape, and C order under a permutation.
static bool fits(PyArrayObject *array, int rank, const npy_intp *shape,
                 int type, const npy_intp *axes)
{
    if (!array || PyArray_NDIM(array) != rank || PyArray_TYPE(array) != type
        || !PyArray_ISBEHAVED(array))
        return false;
    npy_intp stride = PyArray_ITEMSIZE(array);
    for (int k = rank - 1; k >= 0; k--) {
        const int axis = axes ? (int)axes[k] : k;
        if (PyArray_DIM(array, axis) != shape[axis]
            || PyArray_STRIDE(array, axis) != stride)
            return false;
        stride *= shape[axis];
    }
    return true;
}

// NHWC for images that lie so and not in C order as well, else NULL.
static inline const npy_intp *axes_of(PyArrayObject *array)
{
    if (PyArray_NDIM(array) != 4 || PyArray_ISCARRAY_RO(array))
        return NULL;
    return fits(array, 4, PyArray_DIMS(array), PyArray_TYPE(array), NHWC)
               ? NHWC : NULL;
}

// The numbers of a result; NULL where nobody asks for it.
struct Numbers {
    PyArrayObject **array;
    template <class F> operator F *() const
    {
        return array ? (F *)PyArray_DATA(*array) : NULL;
    }
};

// Make *array one of this type and shape whose axes lie in memory in this
// order (NULL: as they are); what is there is used again if it fits. Where
// nobody asks for a result, `array` is NULL, and nothing is made.
static Numbers make_output(PyArrayObject **array, int rank,
                           const npy_intp *shape, int type,
                           const npy_intp *axes = NULL)
{
    if (!array || fits(*array, rank, shape, type, axes))
        return {array};
    Py_XDECREF(*array);
    npy_intp lengths[NPY_MAXDIMS], back[NPY_MAXDIMS];
    for (int k = 0; k < rank; k++) {
        lengths[k] = shape[axes ? axes[k] : k];
        back[axes ? axes[k] : k] = k;
    }
    *array = (PyArrayObject *)PyArray_EMPTY(rank, lengths, type, 0);
    if (*array && axes) {
        PyArray_Dims order = {back, rank};
        PyArrayObject *base = *array;
        *array = (PyArrayObject *)PyArray_Transpose(base, &order);
        Py_DECREF(base);
    }
    if (!*array)
        throw Failed();
    return {array};
}

// Refuse an array of another shape than this.
static inline void check_shape(const char *name, PyArrayObject *array,
                               int rank, const npy_intp *shape)
{
    for (int k = 0; k < rank; k++)
        if (PyArray_DIM(array, k) != shape[k]) {
            PyErr_Format(PyExc_ValueError, "%s: expected a length of %zd in "
                         "dimension %d, got %zd", name, shape[k], k,
                         PyArray_DIM(array, k));
            throw Failed();
        }
}

// The four lengths that `shape`, of int64, holds.
static inline void read_shape(PyArrayObject *shape, npy_intp *lengths)
{
    for (int k = 0; k < 4; k++)
        lengths[k] = (npy_intp)*(npy_int64 *)PyArray_GETPTR1(shape, k);
}

// Call the kernel of an array's type.
#define BY_TYPE(array, name, ...)                                             \
    if (PyArray_TYPE(array) == NPY_FLOAT32)                                   \
        kernels::name<float>(__VA_ARGS__);                                    \
    else                                                                      \
        kernels::name<double>(__VA_ARGS__);
