// Bias, ReLU and 2x2 max-pool on C-contiguous NCHW arrays. z (n, c, h, w),
// b (c), y, gz and g of BiasReLU as z; p, mask and g of BiasReLUPool
// (n, c, h / 2, w / 2); gb (c), or NULL where nobody asks for it.
// ops/bias_relu.py says what each computes.
#pragma once
#include <stdint.h>

// Visible in the library, however whoever includes this is compiled.
namespace kernels __attribute__((visibility("default"))) {

template <class F>
void bias_relu(const F *z, const F *b, F *y, const int64_t *d);
template <class F>
void bias_relu_grad(const F *y, const F *g, F *gz, F *gb, const int64_t *d);
template <class F>
void bias_relu_pool(const F *z, const F *b, F *p, uint8_t *mask,
                    const int64_t *d);
template <class F>
void bias_relu_pool_grad(const uint8_t *mask, const F *g, F *gz, F *gb,
                         const int64_t *d);

}  // namespace kernels
