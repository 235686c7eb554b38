// Not a test that runs by itself: every kernel on random shapes, to be built
// with sanitizers (PREFIX is the virtual environment):
//
//   g++ -std=c++14 -O1 -g -fsanitize=address,undefined -fopenmp
//       -fno-sanitize-recover=undefined tests/sanitize.cpp
//       ops/source/bias_relu.cpp ops/source/convolution.cpp
//       ops/source/uniform.cpp ops/source/pools.cpp
//       ops/source/elements.cpp ops/source/batch_norm.cpp -I ops/source -I PREFIX/include
//       -L PREFIX/lib -l:libdnnl.so.3 -Wl,-rpath,PREFIX/lib -o sanitize &&
//       ./sanitize
//
// Arrays have exactly the size that they should have, so that a step beyond
// one is seen. Prints how many shapes it has tried.
#include <stdio.h>

#include <exception>
#include <random>
#include <vector>

#include "kernels.h"

static std::mt19937 generator(0);

static int64_t draw(int low, int high)
{
    return std::uniform_int_distribution<int>(low, high)(generator);
}

template <class F> static std::vector<F> values(int64_t count)
{
    std::vector<F> found(count);
    for (F &value : found)
        value = F(draw(-3, 3));
    return found;
}

#define TRY_BIAS_RELU(F)                                                      \
    {                                                                         \
        const int64_t d[] = {draw(0, 5), draw(1, 5), draw(1, 40),             \
                             draw(1, 600)};                                   \
        const int64_t size = d[0] * d[1] * d[2] * d[3];                       \
        const int64_t few = d[0] * d[1] * (d[2] / 2) * (d[3] / 2);            \
        std::vector<F> z = values<F>(size), b = values<F>(d[1]), y(size);     \
        std::vector<F> g = values<F>(few), gz(size), gb(d[1]), p(few);        \
        std::vector<uint8_t> mask(few);                                       \
        kernels::bias_relu<F>(z.data(), b.data(), y.data(), d);               \
        kernels::bias_relu_grad<F>(y.data(), z.data(), gz.data(), gb.data(),  \
                                   d);                                        \
        kernels::bias_relu_grad<F>(y.data(), z.data(), gz.data(), NULL, d);   \
        kernels::bias_relu_pool<F>(z.data(), b.data(), p.data(), mask.data(), \
                                d);                                           \
        kernels::bias_relu_pool<F>(z.data(), b.data(), p.data(), NULL, d);    \
        kernels::bias_relu_pool_grad<F>(mask.data(), g.data(), gz.data(),     \
                                     gb.data(), d);                           \
    }

#define TRY_MAX_POOL(F)                                                       \
    {                                                                         \
        const int side = draw(2, 3), unit = side == 3 ? 2 : 1;                \
        const PoolShape s = {draw(0, 5), unit * draw(1, 40 / unit),           \
                             unit * draw(1, 60 / unit), draw(1, 30), side,    \
                             side == 3 && draw(0, 1)};                        \
        const int64_t size = s.outer * s.height * s.width * s.inner;          \
        const int64_t few = s.outer * (s.height / 2) * (s.width / 2)          \
                            * s.inner;                                        \
        std::vector<F> z = values<F>(size), p(few), g = values<F>(few);       \
        std::vector<F> gz(size), factors = values<F>(s.outer);                \
        std::vector<uint8_t> place(few);                                      \
        std::vector<double> norms(s.outer);                                   \
        kernels::max_pool<F>(z.data(), p.data(), place.data(), s);            \
        kernels::max_pool<F>(z.data(), p.data(), NULL, s);                    \
        kernels::max_pool_grad<F>(place.data(), g.data(), gz.data(), s);      \
        const int64_t each = s.height * s.width * s.inner;                    \
        kernels::element_norms<F>(z.data(), norms.data(), s.outer, each);     \
        kernels::scale_elements<F>(z.data(), factors.data(), gz.data(),       \
                                s.outer, each);                               \
    }

#define TRY_AVERAGE_POOL(F)                                                   \
    {                                                                         \
        const PoolShape s = {draw(0, 5), draw(1, 40), draw(1, 60),            \
                             draw(1, 30), 3, 0};                              \
        const int64_t size = s.outer * s.height * s.width * s.inner;          \
        const int64_t few = s.outer * pooled_length(s.height)                 \
                            * pooled_length(s.width) * s.inner;               \
        std::vector<F> z = values<F>(size), p(few), gz(size);                 \
        kernels::average_pool<F>(z.data(), p.data(), s);                      \
        kernels::average_pool_grad<F>(p.data(), gz.data(), s);                \
    }

#define TRY_BATCH_NORM(F)                                                     \
    {                                                                         \
        const int64_t c = draw(1, 70), inside = draw(0, 1);                   \
        const ChannelShape s = {draw(0, inside ? 600 : 5), c,                 \
                                inside ? 1 : draw(0, 700)};                   \
        const int64_t size = s.outer * c * s.inner;                           \
        std::vector<F> x = values<F>(size), g = values<F>(size), y(size);     \
        std::vector<F> a = values<F>(c), b = values<F>(c), m(c), v(c), o(c),  \
                       p(c);                                                  \
        kernels::batch_norm_relu<F>(x.data(), a.data(), b.data(), a.data(),   \
                                    b.data(), y.data(), m.data(), v.data(),   \
                                    o.data(), p.data(), s, 1e-5, .1);         \
        for (const F *added : {(const F *)NULL, (const F *)g.data()})         \
            kernels::batch_norm_relu_grad<F>(                                 \
                x.data(), g.data(), a.data(), b.data(), m.data(), v.data(),   \
                added, y.data(), o.data(), p.data(), s);                      \
        kernels::normalise_relu<F>(x.data(), m.data(), a.data(), b.data(),    \
                                   y.data(), s);                              \
        kernels::normalise_relu_grad<F>(x.data(), g.data(), m.data(),         \
                                        a.data(), b.data(), y.data(), s);     \
    }

#define TRY_UNIFORM(F)                                                        \
    {                                                                         \
        const int64_t streams = draw(0, 99), apart = draw(0, 1);              \
        const int64_t count = streams ? draw(0, 40000) : 0;                   \
        std::vector<int32_t> state(6 * streams), next(6 * streams);           \
        for (int32_t &value : state)                                          \
            value = draw(INT32_MIN, INT32_MAX);                               \
        std::vector<F> samples(count);                                        \
        kernels::uniform<F>(state.data(), (apart ? next : state).data(),      \
                         samples.data(), streams, count);                     \
    }

static int try_convolution()
{
    ConvolutionGeometry g = {{draw(1, 3), draw(1, 3)},
                             {draw(0, 2), draw(0, 2)}, draw(0, 1),
                             draw(0, 1), 1, draw(0, 70), draw(1, 20),
                             draw(5, 20), draw(5, 20), draw(1, 40),
                             draw(1, 5), draw(1, 5)};
    g.relu = g.pool || draw(0, 1);
    const int64_t shrink = g.pool ? 2 : 1;
    const int64_t rows = (g.height + 2 * g.pad[0] - g.rows) / g.stride[0] + 1;
    const int64_t columns
        = (g.width + 2 * g.pad[1] - g.columns) / g.stride[1] + 1;
    const int64_t out
        = g.images * g.filters * (rows / shrink) * (columns / shrink);
    std::vector<float> x
        = values<float>(g.images * g.channels * g.height * g.width);
    std::vector<float> w
        = values<float>(g.filters * g.channels * g.rows * g.columns);
    std::vector<float> b = values<float>(g.filters), y(out);
    std::vector<float> gradient = values<float>(out), gx(x), gw(w), gb(b);
    std::vector<uint8_t> mask(out);
    const void *saved = y.data();
    if (g.pool)
        saved = mask.data();
    try {
        for (const float *biases : {(const float *)NULL,
                                    (const float *)b.data()})
            kernels::convolution_block(g, x.data(), w.data(), biases,
                                       g.relu ? NULL : gradient.data(),
                                       y.data(), g.pool ? mask.data() : NULL);
        kernels::convolution_block_grad(g, x.data(), w.data(), saved,
                                        gradient.data(), gw.data(), gb.data(),
                                        gx.data());
        kernels::convolution_block_grad(g, x.data(), w.data(), saved,
                                        gradient.data(), gw.data(), NULL,
                                        gx.data());
        kernels::convolution_block_grad(g, x.data(), w.data(), saved,
                                        gradient.data(), NULL, NULL,
                                        gx.data());
    } catch (const std::exception &error) {
        printf("failed: %s\n", error.what());
        return 1;
    }
    return 0;
}

int main()
{
    int failed = 0, count = 0;
    for (; count < 150; count++) {
        TRY_BIAS_RELU(float)
        TRY_BIAS_RELU(double)
        TRY_MAX_POOL(float)
        TRY_MAX_POOL(double)
        TRY_AVERAGE_POOL(float)
        TRY_AVERAGE_POOL(double)
        TRY_BATCH_NORM(float)
        TRY_BATCH_NORM(double)
        TRY_UNIFORM(float)
        TRY_UNIFORM(double)
        failed += try_convolution();
    }
    printf("%d shapes, %d failed\n", count, failed);
    return failed != 0;
}
