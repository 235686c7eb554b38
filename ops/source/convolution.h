// Convolution, bias, ReLU (or none) and perhaps 2x2 max-pool in one, by oneDNN,
// in float32 and NHWC: x (n, h, w, c), w (filters, c, rows, columns), b
// (filters), y, z and mask (n, h', w', filters). ops/convolution.py says what
// each computes. Functions return 0, or 1 with a message of at most
// MESSAGE_LENGTH characters. Results depend on the number of threads in their
// last bits, and on nothing else.
#pragma once
#include <stdint.h>

enum { MESSAGE_LENGTH = 256 };

extern "C" {

struct ConvolutionGeometry {
    int64_t stride[2], pad[2];
    int64_t flip;                 // a true convolution: turn the filters
    int64_t pool;
    int64_t relu;                 // without, there is no pool, either
    int64_t images, channels, height, width;
    int64_t filters, rows, columns;
};

// y is what comes out, pooled or not; mask may be NULL.
int convolution_block(const ConvolutionGeometry *geometry, const float *x,
                      const float *w, const float *b, float *y, uint8_t *mask,
                      char *message);

// saved: the mask where pooled, else y. gw and gb, or gx, may be NULL.
int convolution_block_grad(const ConvolutionGeometry *geometry,
                           const float *x, const float *w, const void *saved,
                           const float *g, float *gw, float *gb, float *gx,
                           char *message);
}

// The height or width (axis 1) of what comes out, before a pool.
static inline int64_t output_length(const ConvolutionGeometry &g, int axis)
{
    const int64_t length = axis ? g.width : g.height;
    return (length + 2 * g.pad[axis] - (axis ? g.columns : g.rows))
           / g.stride[axis] + 1;
}
