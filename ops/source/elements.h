// A batch's elements, each of `size` numbers that lie together: the L2 norm
// of each, summed up in double precision, and each times a factor of its own.
#pragma once
#include <stdint.h>

#define DECLARE_ELEMENTS(F, suffix)                                           \
    void element_norms_##suffix(const F *values, double *norms,               \
                                int64_t count, int64_t size);                 \
    void scale_elements_##suffix(const F *values, const F *factors,           \
                                 F *scaled, int64_t count, int64_t size);

extern "C" {
DECLARE_ELEMENTS(float, float32)
DECLARE_ELEMENTS(double, float64)
}
