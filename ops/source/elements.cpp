// Norms and factors of a batch's elements, as kernels.h says.
#include "kernels.h"

#include <cmath>

namespace kernels {

template <class F>
void element_norms(const F *values, double *norms, int64_t count,
                   int64_t size)
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
void scale_elements(const F *values, const F *factors, F *scaled,
                    int64_t count, int64_t size)
{
#pragma omp parallel for schedule(static)
    for (int64_t i = 0; i < count; i++)
        for (int64_t k = i * size; k < (i + 1) * size; k++)
            scaled[k] = values[k] * factors[i];
}

#define INSTANTIATE(F)                                                        \
    template void element_norms(const F *, double *, int64_t, int64_t);       \
    template void scale_elements(const F *, const F *, F *, int64_t, int64_t);

INSTANTIATE(float)
INSTANTIATE(double)

}  // namespace kernels
