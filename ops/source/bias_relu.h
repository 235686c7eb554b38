// Bias, ReLU and 2x2 max-pool on C-contiguous NCHW arrays. z (n, c, h, w),
// b (c), y, gz and g of BiasReLU as z; p, mask and g of BiasReLUPool
// (n, c, h / 2, w / 2); gb (c), or NULL where nobody asks for it.
// ops/bias_relu.py says what each computes.
#pragma once
#include <stdint.h>

#define DECLARE_BIAS_RELU(F, suffix)                                          \
    void bias_relu_##suffix(const F *z, const F *b, F *y, const int64_t *d);  \
    void bias_relu_grad_##suffix(const F *y, const F *g, F *gz, F *gb,        \
                                 const int64_t *d);                           \
    void bias_relu_pool_##suffix(const F *z, const F *b, F *p,                \
                                 uint8_t *mask, const int64_t *d);            \
    void bias_relu_pool_grad_##suffix(const uint8_t *mask, const F *g,        \
                                      F *gz, F *gb, const int64_t *d);

extern "C" {
DECLARE_BIAS_RELU(float, float32)
DECLARE_BIAS_RELU(double, float64)
}
