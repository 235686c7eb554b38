// Max-pools, and their gradients, of images that lie as (outer, h, w, inner):
// NCHW is n * c images of 1 channel side by side, NHWC n images of c. p, place
// and g are (outer, h / 2, w / 2, inner); place may be NULL. ops/max_pool.py
// says what each computes.
#pragma once
#include <stdint.h>

struct PoolShape {
    int64_t outer, height, width, inner;
};

// Visible in the library, however whoever includes this is compiled.
namespace kernels __attribute__((visibility("default"))) {

template <class F>
void max_pool(const F *z, F *p, uint8_t *place, const PoolShape &shape);
template <class F>
void max_pool_grad(const uint8_t *place, const F *g, F *gz,
                   const PoolShape &shape);

template <class F>
void overlap_pool(const F *z, F *p, uint8_t *place, const PoolShape &shape);
template <class F>
void overlap_pool_grad(const uint8_t *place, const F *g, F *gz,
                       const PoolShape &shape);

}  // namespace kernels
