// What the libraries compute, on C-contiguous arrays; ops/*.py say what each.
#pragma once
#include <stdint.h>

// How images of pools lie: (outer, h, w, inner) are n * c images of 1 channel
// side by side in NCHW, n images of c in NHWC. Windows are side x side, 2 or
// 3, every second one; those of 3 are cut at the lower and right borders, and
// a ReLU may follow a max-pool of them.
struct PoolShape {
    int64_t outer, height, width, inner;
    int side, relu;
};

// How images of channels lie: (outer, channels, inner), inner 1 in NHWC, outer
// n in NCHW.
struct ChannelShape {
    int64_t outer, channels, inner;
};

struct ConvolutionGeometry {
    int64_t stride[2], pad[2];
    int64_t flip;                 // a true convolution: turn the filters
    int64_t pool;
    int64_t relu;                 // without, there is no pool, either
    int64_t images, channels, height, width;
    int64_t filters, rows, columns;
};

// Visible in the library, however whoever includes this is compiled.
namespace kernels __attribute__((visibility("default"))) {

// bias_relu.cpp, in NCHW: z (n, c, h, w), of lengths d, b (c), y, gz and g of
// BiasReLU as z; p, mask and g of BiasReLUPool (n, c, h / 2, w / 2); gb (c),
// or NULL where nobody asks for it.
template <class F>
void bias_relu(const F *z, const F *b, F *y, const int64_t *d);
template <class F>
void bias_relu_grad(const F *y, const F *g, F *gz, F *gb, const int64_t *d);
template <class F>
void bias_relu_pool(const F *z, const F *b, F *p, uint8_t *mask,
                    const int64_t *d);
template <class F>
void bias_relu_pool_grad(const uint8_t *mask, const F *g, F *gz, F *gb,
                         const int64_t *d);

// batch_norm.cpp: y = max((x - mean) factor + shift, 0), of numbers a channel,
// and gx of y's gradient g, all but the numbers of channels of one shape.
template <class F>
void normalise_relu(const F *x, const F *mean, const F *factor,
                    const F *shift, F *y, ChannelShape shape);
template <class F>
void normalise_relu_grad(const F *x, const F *g, const F *mean,
                         const F *factor, const F *shift, F *gx,
                         ChannelShape shape);

// The same by the batch's own mean and variance, of which `inverse` is 1 /
// sqrt(variance + epsilon), and the running ones after it; gx, gscale and
// gshift, where `added`, NULL or of gx's shape, is added to gx.
template <class F>
void batch_norm_relu(const F *x, const F *scale, const F *shift,
                     const F *running, const F *variance, F *y, F *mean,
                     F *inverse, F *moved, F *moved_variance,
                     ChannelShape shape, double epsilon, double momentum);
template <class F>
void batch_norm_relu_grad(const F *x, const F *g, const F *scale,
                          const F *shift, const F *mean, const F *inverse,
                          const F *added, F *gx, F *gscale, F *gshift,
                          ChannelShape shape);

// convolution.cpp: convolution, bias, ReLU (or none) and perhaps 2x2 max-pool
// in one, by oneDNN, in float32 and NHWC: x (n, h, w, c), w (filters, c, rows,
// columns), b (filters) or NULL, y, z and mask (n, h', w', filters). What
// oneDNN cannot do is a std::exception. Results depend on the number of
// threads in their last bits, and on nothing else.
//
// y is what comes out, pooled or not; mask may be NULL. `added`, of y's shape
// or NULL, is added to what has neither ReLU nor pool.
void convolution_block(const ConvolutionGeometry &g, const float *x,
                       const float *w, const float *b, const float *added,
                       float *y, uint8_t *mask);

// saved: the mask where pooled, else y. gw and gb, gb alone, or gx may be
// NULL.
void convolution_block_grad(const ConvolutionGeometry &g, const float *x,
                            const float *w, const void *saved,
                            const float *gradient, float *gw, float *gb,
                            float *gx);

// elements.cpp: of a batch's elements, each of `size` numbers that lie
// together, the L2 norms, summed up in double precision, and each element
// times a factor of its own.
template <class F>
void element_norms(const F *values, double *norms, int64_t count,
                   int64_t size);
template <class F>
void scale_elements(const F *values, const F *factors, F *scaled,
                    int64_t count, int64_t size);

// pools.cpp: p, place and g are (outer, h / 2, w / 2, inner); place may be
// NULL; max-pools of side 3 are of even images. A place before a ReLU is 255
// where the maximum is negative, else has bit 4 where it is 0, bit 5 where it
// is NaN. Average-pools are of side 3, and of images of any size but 0, of one
// window for a length of 1.
template <class F>
void max_pool(const F *z, F *p, uint8_t *place, PoolShape shape);
template <class F>
void max_pool_grad(const uint8_t *place, const F *g, F *gz, PoolShape shape);
template <class F> void average_pool(const F *z, F *p, PoolShape shape);
template <class F> void average_pool_grad(const F *g, F *gz, PoolShape shape);

// uniform.cpp, by MRG31k3p, as Theano's rng_mrg: number i comes of stream
// i % streams of state (streams, 6). `next` takes the state after `count`
// numbers and may be `state` itself. Without streams, nothing is done.
template <class F>
void uniform(const int32_t *state, int32_t *next, F *samples, int64_t streams,
             int64_t count);

}  // namespace kernels

// The height or width of an average-pool.
static inline int64_t pooled_length(int64_t length)
{
    return length == 1 ? 1 : length / 2;
}

// The height or width (axis 1) of what comes out, before a pool.
static inline int64_t output_length(const ConvolutionGeometry &g, int axis)
{
    const int64_t length = axis ? g.width : g.height;
    return (length + 2 * g.pad[axis] - (axis ? g.columns : g.rows))
           / g.stride[axis] + 1;
}
