// What Theano's generated code needs of NumPy's arrays. Everything here
// returns false, with a Python exception set, where it does not succeed.
#pragma once
#include <stdint.h>

// An array seen in C order under a permutation of its axes: itself, or a copy.
class Ordered {
public:
    Ordered(PyArrayObject *array, const npy_intp *axes) : held(NULL)
    {
        PyArray_Dims order = {const_cast<npy_intp *>(axes), 4};
        PyArrayObject *view = array;
        if (axes)
            view = (PyArrayObject *)PyArray_Transpose(array, &order);
        if (!view)
            return;
        held = (PyArrayObject *)PyArray_GETCONTIGUOUS(view);
        if (axes)
            Py_DECREF(view);
    }
    ~Ordered() { Py_XDECREF(held); }
    bool valid() const { return held != NULL; }
    template <class F> const F *data() const
    {
        return (const F *)PyArray_DATA(held);
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

// Make *array one of this type and shape whose axes lie in memory in this
// order (NULL: as they are); what is there is used again if it fits.
static bool make_output(PyArrayObject **array, int rank,
                        const npy_intp *shape, int type,
                        const npy_intp *axes)
{
    if (fits(*array, rank, shape, type, axes))
        return true;
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
    return *array != NULL;
}

// Whether an array has this shape; says which was expected if not.
static bool has_shape(const char *name, PyArrayObject *array, int rank,
                      const npy_intp *shape)
{
    for (int k = 0; k < rank; k++)
        if (PyArray_DIM(array, k) != shape[k]) {
            PyErr_Format(PyExc_ValueError, "%s: expected a length of %zd in "
                         "dimension %d, got %zd", name, shape[k], k,
                         PyArray_DIM(array, k));
            return false;
        }
    return true;
}
