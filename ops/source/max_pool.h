// 2x2 max-pool, and its gradient, of images that lie as (outer, h, w, inner):
// NCHW is n * c images of 1 channel side by side, NHWC n images of c. p, place
// and g are (outer, h / 2, w / 2, inner); place may be NULL. ops/max_pool.py
// says what each computes.
#pragma once
#include <stdint.h>

struct PoolShape {
    int64_t outer, height, width, inner;
};

#define DECLARE_MAX_POOL(F, suffix)                                           \
    void max_pool_##suffix(const F *z, F *p, uint8_t *place,                  \
                           const PoolShape *shape);                           \
    void max_pool_grad_##suffix(const uint8_t *place, const F *g, F *gz,      \
                                const PoolShape *shape);

extern "C" {
DECLARE_MAX_POOL(float, float32)
DECLARE_MAX_POOL(double, float64)
}
