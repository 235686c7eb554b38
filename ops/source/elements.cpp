// Norms and factors of a batch's elements, as elements.h says.
#include "elements.h"

#include <cmath>

namespace {

template <class F>
void norms_of(const F *values, double *norms, int64_t count, int64_t size)
{
#pragma omp parallel for schedule(static)
    for (int64_t i = 0; i < count; i++) {
        const F *from = values + i * size;
        double sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int64_t k = 0; k < size; k++)
            sum += double(from[k]) * double(from[k]);
        norms[i] = std::sqrt(sum);
    }
}

template <class F>
void scale(const F *values, const F *factors, F *scaled, int64_t count,
           int64_t size)
{
#pragma omp parallel for schedule(static)
    for (int64_t i = 0; i < count; i++)
        for (int64_t k = i * size; k < (i + 1) * size; k++)
            scaled[k] = values[k] * factors[i];
}

}  // namespace

#define DEFINE_ELEMENTS(F, suffix)                                            \
    void element_norms_##suffix(const F *values, double *norms,               \
                                int64_t count, int64_t size)                  \
    { norms_of(values, norms, count, size); }                                 \
    void scale_elements_##suffix(const F *values, const F *factors,           \
                                 F *scaled, int64_t count, int64_t size)      \
    { scale(values, factors, scaled, count, size); }

DEFINE_ELEMENTS(float, float32)
DEFINE_ELEMENTS(double, float64)
