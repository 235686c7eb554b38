// 2x2 max-pool without a ReLU; max_pool.h says what of which shape.
#include "max_pool.h"

#include <algorithm>

#include "relu.h"

namespace {

// Windows side by side, `step` apart in both rows of the image: 2 where they
// are neighbours in a row, 1 where they are the channels of one place.
template <int step, class F>
void pool_windows(const F *upper, const F *lower, int64_t right,
                  int64_t count, F *__restrict p, uint8_t *__restrict mask)
{
    for (int64_t k = 0; k < count; k++)
        p[k] = larger(larger(larger(upper[k * step], upper[k * step + right]),
                             lower[k * step]), lower[k * step + right]);
    if (!mask)
        return;
    for (int64_t k = 0; k < count; k++)
        mask[k] = uint8_t((upper[k * step] == p[k])
                          | (upper[k * step + right] == p[k]) << 1
                          | (lower[k * step] == p[k]) << 2
                          | (lower[k * step + right] == p[k]) << 3);
}

template <int step, class F>
void unpool_windows(const uint8_t *__restrict mask, const F *__restrict g,
                    int64_t right, int64_t count, F *__restrict upper,
                    F *__restrict lower)
{
    for (int64_t k = 0; k < count; k++) {
        const int bits = mask[k];
        upper[k * step] = bits & 1 ? g[k] : F(0);
        upper[k * step + right] = bits & 2 ? g[k] : F(0);
        lower[k * step] = bits & 4 ? g[k] : F(0);
        lower[k * step + right] = bits & 8 ? g[k] : F(0);
    }
}

template <class F>
void forward(const F *z, F *p, uint8_t *mask, const PoolShape &s)
{
    const int64_t row = s.width * s.inner, columns = s.width / 2;
#pragma omp parallel for schedule(static)
    for (int64_t image = 0; image < s.outer; image++)
        for (int64_t i = 0; i < s.height / 2; i++) {
            const F *upper = z + (image * s.height + 2 * i) * row;
            const int64_t to = (image * (s.height / 2) + i) * columns
                               * s.inner;
            uint8_t *bits = mask ? mask + to : mask;
            if (s.inner == 1) {
                pool_windows<2>(upper, upper + row, 1, columns, p + to, bits);
                continue;
            }
            for (int64_t j = 0; j < columns; j++)
                pool_windows<1>(upper + 2 * j * s.inner,
                                upper + row + 2 * j * s.inner, s.inner,
                                s.inner, p + to + j * s.inner,
                                bits ? bits + j * s.inner : bits);
        }
}

template <class F>
void backward(const uint8_t *mask, const F *g, F *gz, const PoolShape &s)
{
    const int64_t row = s.width * s.inner, columns = s.width / 2;
#pragma omp parallel for schedule(static)
    for (int64_t image = 0; image < s.outer; image++) {
        F *to = gz + image * s.height * row;
        if (s.height % 2 || s.width % 2)   // what no window covers gets none
            std::fill(to, to + s.height * row, F(0));
        for (int64_t i = 0; i < s.height / 2; i++) {
            F *upper = to + 2 * i * row;
            const int64_t from = (image * (s.height / 2) + i) * columns
                                 * s.inner;
            if (s.inner == 1) {
                unpool_windows<2>(mask + from, g + from, 1, columns, upper,
                                  upper + row);
                continue;
            }
            for (int64_t j = 0; j < columns; j++)
                unpool_windows<1>(mask + from + j * s.inner,
                                  g + from + j * s.inner, s.inner, s.inner,
                                  upper + 2 * j * s.inner,
                                  upper + row + 2 * j * s.inner);
        }
    }
}

}  // namespace

#define DEFINE_MAX_POOL(F, suffix)                                            \
    void max_pool_##suffix(const F *z, F *p, uint8_t *mask,                   \
                           const PoolShape *shape)                            \
    { forward(z, p, mask, *shape); }                                          \
    void max_pool_grad_##suffix(const uint8_t *mask, const F *g, F *gz,       \
                                const PoolShape *shape)                       \
    { backward(mask, g, gz, *shape); }

DEFINE_MAX_POOL(float, float32)
DEFINE_MAX_POOL(double, float64)
