// A batch's elements, each of `size` numbers that lie together: the L2 norm
// of each, summed up in double precision, and each times a factor of its own.
#pragma once
#include <stdint.h>

// Visible in the library, however whoever includes this is compiled.
namespace kernels __attribute__((visibility("default"))) {

template <class F>
void element_norms(const F *values, double *norms, int64_t count,
                   int64_t size);
template <class F>
void scale_elements(const F *values, const F *factors, F *scaled,
                    int64_t count, int64_t size);

}  // namespace kernels
