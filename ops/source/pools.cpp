// Max-pools that no ReLU precedes, average-pools; kernels.h says of which
// shape.
#include "kernels.h"

#include <algorithm>
#include <type_traits>

#include "relu.h"

namespace kernels {

// Call body(step, j, count) for windows from column `first` to `end` of a
// row: for all at once, 2 numbers apart, where they are neighbours, else for
// the channels of each place j, 1 apart.
template <class Body>
static void by_runs(const PoolShape &s, int64_t first, int64_t end,
                    const Body &body)
{
    if (s.inner == 1)
        return body(std::integral_constant<int, 2>(), first, end - first);
    for (int64_t j = first; j < end; j++)
        body(std::integral_constant<int, 1>(), j, s.inner);
}

// The first maxima of windows, `step` apart, and their places. Windows that a
// border cuts have their last row or column twice, which changes nothing.
template <int side, int step, class F>
static void pool_windows(const F *z, int64_t row, int64_t last_row,
                         int64_t right, int64_t last_right, int64_t count,
                         F *__restrict p, uint8_t *__restrict place)
{
    const auto at = [=](int64_t n, int k) {
        const int i = k / side, j = k % side;
        return z[n * step + (i == side - 1 ? last_row : i * row)
                 + (j == side - 1 ? last_right : j * right)];
    };
    for (int64_t n = 0; n < count; n++) {
        F most = larger(larger(larger(at(n, 0), at(n, 1)), at(n, 2)),
                        at(n, 3));
        if (side == 3)
            most = larger(larger(larger(larger(larger(
                most, at(n, 4)), at(n, 5)), at(n, 6)), at(n, 7)), at(n, 8));
        p[n] = most;
    }
    if (!place)
        return;
    // From the last to the first; of a first NaN, which equals nothing, 0.
    for (int64_t n = 0; n < count; n++) {
        int found = 0;
        if (side == 3) {
            found = at(n, 8) == p[n] ? 8 : found;
            found = at(n, 7) == p[n] ? 7 : found;
            found = at(n, 6) == p[n] ? 6 : found;
            found = at(n, 5) == p[n] ? 5 : found;
            found = at(n, 4) == p[n] ? 4 : found;
        }
        found = at(n, 3) == p[n] ? 3 : found;
        found = at(n, 2) == p[n] ? 2 : found;
        found = at(n, 1) == p[n] ? 1 : found;
        place[n] = uint8_t(at(n, 0) == p[n] ? 0 : found);
    }
}

// What a ReLU makes of maxima, and of their places.
template <class F>
static void rectify(int64_t count, F *__restrict p, uint8_t *__restrict place)
{
    for (int64_t n = 0; place && n < count; n++) {
        const int flags = p[n] == 0 ? 16 : p[n] != p[n] ? 32 : 0;
        place[n] = uint8_t(p[n] < 0 ? 255 : place[n] | flags);
    }
    for (int64_t n = 0; n < count; n++)
        p[n] = relu(p[n]);
}

// What the ReLU gives back of g, where its maximum is not negative.
template <class F> static inline F rectified(uint8_t place, F g)
{
    const F some = place & 16 ? F(.5) * g : g;
    return place & 32 ? std::numeric_limits<F>::quiet_NaN() : some;
}

// A window's last row or column, of so many that there are.
template <int side> static int64_t last_of(int64_t length)
{
    return side == 2 ? 1 : std::min<int64_t>(side, length) - 1;
}

template <int side, class F>
static void pool(const F *z, F *p, uint8_t *place, PoolShape s)
{
    const int64_t columns = s.width / 2, row = s.width * s.inner;
#pragma omp parallel for schedule(static)
    for (int64_t image = 0; image < s.outer; image++)
        for (int64_t i = 0; columns && i < s.height / 2; i++) {
            const F *from = z + (image * s.height + 2 * i) * row;
            const int64_t to = (image * (s.height / 2) + i) * columns;
            const int64_t last = last_of<side>(s.height - 2 * i);
            const auto put = [=](auto step, int64_t j, int64_t count) {
                const int64_t there = (to + j) * s.inner;
                const int64_t across = last_of<side>(s.width - 2 * j);
                pool_windows<side, decltype(step)::value>(
                    from + 2 * j * s.inner, row, last * row, s.inner,
                    across * s.inner, count, p + there,
                    place ? place + there : place);
                if (s.relu)
                    rectify(count, p + there, place ? place + there : place);
            };
            by_runs(s, 0, columns - (side == 3), put);
            if (side == 3)             // which the border may cut
                by_runs(s, columns - 1, columns, put);
        }
}

template <class F>
void max_pool(const F *z, F *p, uint8_t *place, PoolShape s)
{
    if (s.side == 2)
        pool<2>(z, p, place, s);
    else
        pool<3>(z, p, place, s);
}

// What windows of 2 x 2 give back of g.
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

// What windows that overlap give back of g to the k-th of their numbers.
template <int step, class F>
static void add(const uint8_t *__restrict place, const F *__restrict g,
                int64_t count, int k, F *__restrict to)
{
    for (int64_t n = 0; n < count; n++)
        to[n * step] += (place[n] & 15) == k ? rectified(place[n], g[n])
                                             : F(0);
}

template <class F>
void max_pool_grad(const uint8_t *place, const F *g, F *gz, PoolShape s)
{
    const int64_t columns = s.width / 2, row = s.width * s.inner;
#pragma omp parallel for schedule(static)
    for (int64_t image = 0; image < s.outer; image++) {
        F *to = gz + image * s.height * row;
        // Sums begin with 0, and what no window covers gets none.
        if (s.side == 3 || s.height % 2 || s.width % 2)
            std::fill(to, to + s.height * row, F(0));
        for (int64_t i = 0; i < s.height / 2; i++) {
            const int64_t from = (image * (s.height / 2) + i) * columns;
            F *upper = to + 2 * i * row;
            if (s.side == 2)
                by_runs(s, 0, columns, [=](auto step, int64_t j,
                                           int64_t count) {
                    const int64_t here = (from + j) * s.inner;
                    F *left = upper + 2 * j * s.inner;
                    unpool_windows<decltype(step)::value>(
                        place + here, g + here, s.inner, count, left,
                        left + row);
                });
            for (int k = 0; s.side == 3 && k < 9 && 2 * i + k / 3 < s.height;
                 k++)
                by_runs(s, 0, columns - (k % 3 == 2), [=](
                    auto step, int64_t j, int64_t count) {
                    const int64_t here = (from + j) * s.inner;
                    add<decltype(step)::value>(
                        place + here, g + here, count, k,
                        upper + k / 3 * row + (2 * j + k % 3) * s.inner);
                });
        }
    }
}

// Sums of windows of so many rows and columns, `step` apart, divided.
template <int step, class F>
static void average_windows(const F *z, F *averages, int64_t row, int rows,
                            int64_t right, int columns, int64_t count,
                            int64_t to)
{
    F *__restrict p = averages + to;
    for (int64_t n = 0; n < count; n++)
        p[n] = z[n * step];
    for (int k = 1; k < rows * columns; k++) {
        const F *from = z + k / columns * row + k % columns * right;
        for (int64_t n = 0; n < count; n++)
            p[n] += from[n * step];
    }
    for (int64_t n = 0; n < count; n++)
        p[n] /= F(rows * columns);
}

// What such windows give back of g.
template <int step, class F>
static void spread_windows(const F *gradient, F *gz, int64_t row, int rows,
                           int64_t right, int columns, int64_t count,
                           int64_t from)
{
    const F *__restrict g = gradient + from;
    const F share = F(1) / F(rows * columns);
    for (int k = 0; k < rows * columns; k++) {
        F *__restrict to = gz + k / columns * row + k % columns * right;
        for (int64_t n = 0; n < count; n++)
            to[n * step] += g[n] * share;
    }
}

// Call body(step, from, row, rows, right, columns, count, to) for all runs of
// windows of an image: where in z they begin, and in p.
template <class Body>
static void by_windows(const PoolShape &s, int64_t image, const Body &body)
{
    const int64_t row = s.width * s.inner, many = pooled_length(s.width);
    for (int64_t i = 0; i < pooled_length(s.height); i++) {
        const int64_t upper = image * s.height + 2 * i;
        const int64_t left = (image * pooled_length(s.height) + i) * many;
        const auto put = [&](auto step, int64_t j, int64_t count) {
            body(step, (upper * s.width + 2 * j) * s.inner, row,
                 int(std::min<int64_t>(3, s.height - 2 * i)), s.inner,
                 int(std::min<int64_t>(3, s.width - 2 * j)), count,
                 (left + j) * s.inner);
        };
        by_runs(s, 0, many - 1, put);
        by_runs(s, many - 1, many, put);   // which the border may cut
    }
}

template <class F> void average_pool(const F *z, F *p, PoolShape s)
{
#pragma omp parallel for schedule(static)
    for (int64_t image = 0; image < s.outer; image++)
        by_windows(s, image, [=](auto step, int64_t from, auto... shape) {
            average_windows<decltype(step)::value>(z + from, p, shape...);
        });
}

template <class F> void average_pool_grad(const F *g, F *gz, PoolShape s)
{
    const int64_t size = s.height * s.width * s.inner;
#pragma omp parallel for schedule(static)
    for (int64_t image = 0; image < s.outer; image++) {
        std::fill(gz + image * size, gz + (image + 1) * size, F(0));
        by_windows(s, image, [=](auto step, int64_t from, auto... shape) {
            spread_windows<decltype(step)::value>(g, gz + from, shape...);
        });
    }
}

#define INSTANTIATE(F)                                                        \
    template void max_pool(const F *, F *, uint8_t *, PoolShape);             \
    template void max_pool_grad(const uint8_t *, const F *, F *, PoolShape);  \
    template void average_pool(const F *, F *, PoolShape);                    \
    template void average_pool_grad(const F *, F *, PoolShape);

INSTANTIATE(float)
INSTANTIATE(double)

}  // namespace kernels
