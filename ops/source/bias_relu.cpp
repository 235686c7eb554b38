// Bias, ReLU and 2x2 max-pool in NCHW; kernels.h says what of which shape.
//
// Threads share the n * c planes. A plane's sum is one number, and these are
// added in their order, so results do not depend on the number of threads.
#include "kernels.h"

#include <algorithm>
#include <vector>

#include "relu.h"

namespace {

// The 2x2 windows of some rows of an image at once, their four apart: loops
// over them are long enough for the compiler to use vectors.
template <class F> struct Windows {
    typedef Whole<F> Bits;
    int64_t columns, rows;             // of windows; at most `rows` at once
    std::vector<F> corner[4];
    std::vector<Bits> bits;

    explicit Windows(int64_t columns)
        : columns(columns), rows(columns ? 256 / columns + 1 : 1),
          bits(rows * columns)
    {
        for (std::vector<F> &values : corner)
            values.resize(rows * columns);
    }

    // Take `count` rows of windows of an image of a width apart.
    void load(const F *image, int64_t width, int64_t count, F bias)
    {
        for (int64_t k = 0; k < 4; k++)
            for (int64_t i = 0; i < count; i++) {
                const F *from = image + (2 * i + k / 2) * width + k % 2;
                F *to = &corner[k][i * columns];
                for (int64_t j = 0; j < columns; j++)
                    to[j] = from[2 * j] + bias;
            }
    }

    // Put them together again.
    void store(F *image, int64_t width, int64_t count) const
    {
        for (int64_t i = 0; i < 2 * count; i++) {
            const F *left = &corner[i % 2 * 2][i / 2 * columns];
            const F *right = &corner[i % 2 * 2 + 1][i / 2 * columns];
            F *to = image + i * width;
            for (int64_t j = 0; j < columns; j++) {
                to[2 * j] = left[j];
                to[2 * j + 1] = right[j];
            }
        }
    }

    void reduce(int64_t count, F *p, uint8_t *mask)
    {
        const F *v0 = &corner[0][0], *v1 = &corner[1][0];
        const F *v2 = &corner[2][0], *v3 = &corner[3][0];
        Bits *found = &bits[0];
#pragma omp simd
        for (int64_t j = 0; j < count; j++) {
            const F y0 = relu(v0[j]), y1 = relu(v1[j]);
            const F y2 = relu(v2[j]), y3 = relu(v3[j]);
            const F m = larger(larger(larger(y0, y1), y2), y3);
            p[j] = m;
            found[j] = receives<Bits>(v0[j], m) | receives<Bits>(v1[j], m) * 2
                       | receives<Bits>(v2[j], m) * 4
                       | receives<Bits>(v3[j], m) * 8;
        }
        for (int64_t j = 0; mask && j < count; j++)
            mask[j] = uint8_t(found[j]);
    }

    F spread(int64_t count, const F *g, const uint8_t *mask)
    {
        F sum = 0;
        for (int64_t j = 0; j < count; j++)
            bits[j] = mask[j];
        for (int64_t k = 0; k < 4; k++) {
            F *to = &corner[k][0];
#pragma omp simd reduction(+ : sum)
            for (int64_t j = 0; j < count; j++) {
                to[j] = share(Bits(bits[j] >> k), g[j]);
                sum += to[j];
            }
        }
        return sum;
    }
};

}  // namespace

namespace kernels {

template <class F>
void bias_relu(const F *z, const F *b, F *y, const int64_t *d)
{
    const int64_t planes = d[0] * d[1], size = d[2] * d[3];
#pragma omp parallel for schedule(static)
    for (int64_t plane = 0; plane < planes; plane++) {
        const F bias = b[plane % d[1]];
        const F *from = z + plane * size;
        F *to = y + plane * size;
        for (int64_t i = 0; i < size; i++)
            to[i] = relu(from[i] + bias);
    }
}

// Add the planes' sums, in double precision, into one a channel.
template <class F>
static void add_planes(const std::vector<double> &sums, F *gb,
                       const int64_t *d)
{
    for (int64_t c = 0; gb && c < d[1]; c++) {
        double sum = 0;
        for (int64_t n = 0; n < d[0]; n++)
            sum += sums[n * d[1] + c];
        gb[c] = F(sum);
    }
}

template <class F>
void bias_relu_grad(const F *y, const F *g, F *gz, F *gb, const int64_t *d)
{
    const int64_t planes = d[0] * d[1], size = d[2] * d[3];
    std::vector<double> sums(planes);
#pragma omp parallel for schedule(static)
    for (int64_t plane = 0; plane < planes; plane++) {
        const F *value = y + plane * size, *from = g + plane * size;
        F *to = gz + plane * size;
        F sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int64_t i = 0; i < size; i++) {
            to[i] = slope(value[i]) * from[i];
            sum += to[i];
        }
        sums[plane] = sum;
    }
    add_planes(sums, gb, d);
}

template <class F>
void bias_relu_pool(const F *z, const F *b, F *p, uint8_t *mask,
                    const int64_t *d)
{
    const int64_t planes = d[0] * d[1], rows = d[2] / 2, columns = d[3] / 2;
    if (!rows || !columns)
        return;
#pragma omp parallel
    {
        Windows<F> windows(columns);
#pragma omp for schedule(static)
        for (int64_t plane = 0; plane < planes; plane++)
            for (int64_t i = 0; i < rows; i += windows.rows) {
                const int64_t count = std::min(windows.rows, rows - i);
                const int64_t to = (plane * rows + i) * columns;
                windows.load(z + (plane * d[2] + 2 * i) * d[3], d[3], count,
                             b[plane % d[1]]);
                windows.reduce(count * columns, p + to,
                               mask ? mask + to : mask);
            }
    }
}

template <class F>
void bias_relu_pool_grad(const uint8_t *mask, const F *g, F *gz, F *gb,
                         const int64_t *d)
{
    const int64_t planes = d[0] * d[1], rows = d[2] / 2, columns = d[3] / 2;
    std::vector<double> sums(planes);
#pragma omp parallel
    {
        Windows<F> windows(columns);
#pragma omp for schedule(static)
        for (int64_t plane = 0; plane < planes; plane++) {
            F *to = gz + plane * d[2] * d[3];
            if (d[2] % 2 || d[3] % 2)  // what no window covers gets nothing
                std::fill(to, to + d[2] * d[3], F(0));
            for (int64_t i = 0; i < rows && columns; i += windows.rows) {
                const int64_t count = std::min(windows.rows, rows - i);
                const int64_t from = (plane * rows + i) * columns;
                sums[plane] += windows.spread(count * columns, g + from,
                                              mask + from);
                windows.store(to + 2 * i * d[3], d[3], count);
            }
        }
    }
    add_planes(sums, gb, d);
}

#define INSTANTIATE(F)                                                        \
    template void bias_relu(const F *, const F *, F *, const int64_t *);      \
    template void bias_relu_grad(const F *, const F *, F *, F *,              \
                                 const int64_t *);                            \
    template void bias_relu_pool(const F *, const F *, F *, uint8_t *,        \
                                 const int64_t *);                            \
    template void bias_relu_pool_grad(const uint8_t *, const F *, F *, F *,   \
                                      const int64_t *);

INSTANTIATE(float)
INSTANTIATE(double)

}  // namespace kernels
