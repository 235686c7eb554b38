// Max-pools without a ReLU; max_pool.h says what of which shape.
#include "max_pool.h"

#include <algorithm>
#include <vector>

#include "relu.h"

namespace kernels {

// Windows side by side, `step` apart in both rows of the image: 2 where they
// are neighbours in a row, 1 where they are the channels of one place.
template <int step, class F>
static void pool_windows(const F *upper, const F *lower, int64_t right,
                         int64_t count, F *__restrict p,
                         uint8_t *__restrict place)
{
    for (int64_t k = 0; k < count; k++)
        p[k] = larger(larger(larger(upper[k * step], upper[k * step + right]),
                             lower[k * step]), lower[k * step + right]);
    if (!place)
        return;
    // From the last to the first; of a first NaN, which equals nothing, 0.
    for (int64_t k = 0; k < count; k++) {
        int found = lower[k * step + right] == p[k] ? 3 : 0;
        found = lower[k * step] == p[k] ? 2 : found;
        found = upper[k * step + right] == p[k] ? 1 : found;
        place[k] = uint8_t(upper[k * step] == p[k] ? 0 : found);
    }
}

template <int step, class F>
static void unpool_windows(const uint8_t *__restrict place,
                           const F *__restrict g, int64_t right,
                           int64_t count, F *__restrict upper,
                           F *__restrict lower)
{
    for (int64_t k = 0; k < count; k++) {
        upper[k * step] = place[k] == 0 ? g[k] : F(0);
        upper[k * step + right] = place[k] == 1 ? g[k] : F(0);
        lower[k * step] = place[k] == 2 ? g[k] : F(0);
        lower[k * step + right] = place[k] == 3 ? g[k] : F(0);
    }
}

template <class F>
void max_pool(const F *z, F *p, uint8_t *place, const PoolShape &s)
{
    const int64_t row = s.width * s.inner, columns = s.width / 2;
#pragma omp parallel for schedule(static)
    for (int64_t image = 0; image < s.outer; image++)
        for (int64_t i = 0; i < s.height / 2; i++) {
            const F *upper = z + (image * s.height + 2 * i) * row;
            const int64_t to = (image * (s.height / 2) + i) * columns
                               * s.inner;
            uint8_t *best = place ? place + to : place;
            if (s.inner == 1) {
                pool_windows<2>(upper, upper + row, 1, columns, p + to, best);
                continue;
            }
            for (int64_t j = 0; j < columns; j++)
                pool_windows<1>(upper + 2 * j * s.inner,
                                upper + row + 2 * j * s.inner, s.inner,
                                s.inner, p + to + j * s.inner,
                                best ? best + j * s.inner : best);
        }
}

template <class F>
void max_pool_grad(const uint8_t *place, const F *g, F *gz,
                   const PoolShape &s)
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
                unpool_windows<2>(place + from, g + from, 1, columns, upper,
                                  upper + row);
                continue;
            }
            for (int64_t j = 0; j < columns; j++)
                unpool_windows<1>(place + from + j * s.inner,
                                  g + from + j * s.inner, s.inner, s.inner,
                                  upper + 2 * j * s.inner,
                                  upper + row + 2 * j * s.inner);
        }
    }
}

// Numbers `step` apart, the k-th of their windows, beside the best so far.
template <int step, class F>
static void take(const F *from, int64_t count, Whole<F> k,
                 F *__restrict best, Whole<F> *__restrict found)
{
    for (int64_t n = 0; k == 0 && n < count; n++) {
        best[n] = from[n * step];
        found[n] = 0;
    }
    for (int64_t n = 0; k && n < count; n++) {
        const F v = from[n * step];
        const bool better = v > best[n];
        best[n] = better ? v : best[n];
        found[n] = better ? k : found[n];
    }
}

// What windows give back of g to the k-th of their numbers.
template <int step, class F>
static void give(const uint8_t *__restrict place, const F *__restrict g,
                 int64_t count, int k, F *__restrict to)
{
    for (int64_t n = 0; n < count; n++)
        to[n * step] += place[n] == k ? g[n] : F(0);
}

template <class F>
void overlap_pool(const F *z, F *p, uint8_t *place, const PoolShape &s)
{
    const int64_t columns = s.width / 2, count = columns * s.inner;
#pragma omp parallel
    {
        std::vector<Whole<F>> found(count);
#pragma omp for schedule(static)
        for (int64_t image = 0; image < s.outer; image++)
            for (int64_t i = 0; i < s.height / 2; i++) {
                const int64_t to = (image * (s.height / 2) + i) * count;
                for (int64_t k = 0; k < 9 && 2 * i + k / 3 < s.height; k++) {
                    const F *row = z + ((image * s.height + 2 * i + k / 3)
                                        * s.width + k % 3) * s.inner;
                    const int64_t whole = columns - (k % 3 == 2);
                    if (s.inner == 1)
                        take<2>(row, whole, Whole<F>(k), p + to, &found[0]);
                    else
                        for (int64_t j = 0; j < whole; j++)
                            take<1>(row + 2 * j * s.inner, s.inner,
                                    Whole<F>(k), p + to + j * s.inner,
                                    &found[j * s.inner]);
                }
                for (int64_t j = 0; place && j < count; j++)
                    place[to + j] = uint8_t(found[j]);
            }
    }
}

template <class F>
void overlap_pool_grad(const uint8_t *place, const F *g, F *gz,
                       const PoolShape &s)
{
    const int64_t columns = s.width / 2, count = columns * s.inner;
    const int64_t size = s.height * s.width * s.inner;
#pragma omp parallel for schedule(static)
    for (int64_t image = 0; image < s.outer; image++) {
        std::fill(gz + image * size, gz + (image + 1) * size, F(0));
        for (int64_t i = 0; i < s.height / 2; i++) {
            const int64_t from = (image * (s.height / 2) + i) * count;
            for (int k = 0; k < 9 && 2 * i + k / 3 < s.height; k++) {
                F *row = gz + image * size + ((2 * i + k / 3) * s.width
                                              + k % 3) * s.inner;
                const int64_t whole = columns - (k % 3 == 2);
                if (s.inner == 1)
                    give<2>(place + from, g + from, whole, k, row);
                else
                    for (int64_t j = 0; j < whole; j++)
                        give<1>(place + from + j * s.inner,
                                g + from + j * s.inner, s.inner, k,
                                row + 2 * j * s.inner);
            }
        }
    }
}

#define INSTANTIATE(F)                                                        \
    template void max_pool(const F *, F *, uint8_t *, const PoolShape &);     \
    template void max_pool_grad(const uint8_t *, const F *, F *,              \
                                const PoolShape &);                           \
    template void overlap_pool(const F *, F *, uint8_t *, const PoolShape &); \
    template void overlap_pool_grad(const uint8_t *, const F *, F *,          \
                                    const PoolShape &);

INSTANTIATE(float)
INSTANTIATE(double)

}  // namespace kernels
