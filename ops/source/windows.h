// The 2x2 windows of an image in NCHW.
#pragma once
#include <vector>

#include "relu.h"

// Windows of some rows at once, their four apart: loops over them are long
// enough for the compiler to use vectors.
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
