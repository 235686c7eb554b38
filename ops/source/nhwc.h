// ReLU and 2x2 max-pool of one image in NHWC, channels side by side.
#pragma once
#include <algorithm>
#include <stdint.h>

#include "relu.h"

static inline void relu_in_place(float *z, int64_t size)
{
    for (int64_t i = 0; i < size; i++)
        z[i] = relu(z[i]);
}

// y (h, w, channels) -> gz of the same shape.
static inline void relu_gradient(const float *__restrict y,
                                 const float *__restrict g,
                                 float *__restrict gz, int64_t size)
{
    for (int64_t i = 0; i < size; i++)
        gz[i] = slope(y[i]) * g[i];
}

// One window: four times `channels` in, pooled and mask (or NULL) out.
static inline void pool_window(const float *__restrict v0,
                               const float *__restrict v1,
                               const float *__restrict v2,
                               const float *__restrict v3, int64_t channels,
                               float *__restrict p, uint8_t *__restrict mask)
{
    for (int64_t c = 0; c < channels; c++)
        p[c] = larger(larger(larger(relu(v0[c]), relu(v1[c])), relu(v2[c])),
                      relu(v3[c]));
    if (!mask)
        return;
#pragma omp simd
    for (int64_t c = 0; c < channels; c++)
        mask[c] = uint8_t(receives<int32_t>(v0[c], p[c])
                          | receives<int32_t>(v1[c], p[c]) << 1
                          | receives<int32_t>(v2[c], p[c]) << 2
                          | receives<int32_t>(v3[c], p[c]) << 3);
}

static inline void pool_image(const float *z, float *p, uint8_t *mask,
                              int64_t height, int64_t width, int64_t channels)
{
    const int64_t row = width * channels;
    for (int64_t i = 0; i < height / 2; i++)
        for (int64_t j = 0; j < width / 2; j++) {
            const float *v = z + 2 * i * row + 2 * j * channels;
            const int64_t to = (i * (width / 2) + j) * channels;
            pool_window(v, v + channels, v + row, v + row + channels, channels,
                        p + to, mask ? mask + to : mask);
        }
}

static inline void unpool_window(const uint8_t *__restrict mask,
                                 const float *__restrict g, int64_t channels,
                                 float *__restrict g0, float *__restrict g1,
                                 float *__restrict g2, float *__restrict g3)
{
#pragma omp simd
    for (int64_t c = 0; c < channels; c++) {
        const int32_t bits = mask[c];
        g0[c] = share(bits, g[c]);
        g1[c] = share(bits >> 1, g[c]);
        g2[c] = share(bits >> 2, g[c]);
        g3[c] = share(bits >> 3, g[c]);
    }
}

static inline void unpool_image(const uint8_t *mask, const float *g, float *gz,
                                int64_t height, int64_t width,
                                int64_t channels)
{
    const int64_t row = width * channels;
    if (height % 2 || width % 2)       // what no window covers gets nothing
        std::fill(gz, gz + height * row, 0.f);
    for (int64_t i = 0; i < height / 2; i++)
        for (int64_t j = 0; j < width / 2; j++) {
            float *to = gz + 2 * i * row + 2 * j * channels;
            const int64_t from = (i * (width / 2) + j) * channels;
            unpool_window(mask + from, g + from, channels, to, to + channels,
                          to + row, to + row + channels);
        }
}
