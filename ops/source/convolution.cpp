// The convolutional block of kernels.h, both passes chunk by chunk.
#include "kernels.h"

#include "chunks.h"
#include "nhwc.h"

namespace {

// Numbers of one image.
struct Sizes {
    int64_t height, width, x, z, y;

    explicit Sizes(const ConvolutionGeometry &g)
        : height(output_length(g, 0)), width(output_length(g, 1)),
          x(g.height * g.width * g.channels), z(height * width * g.filters),
          y(g.pool ? height / 2 * (width / 2) * g.filters : z)
    {
    }
};

Desc bias_layout(const ConvolutionGeometry &g)
{
    return Desc({g.filters}, dnnl::memory::data_type::f32, Tag::a);
}

// Sums over the images of one thread's share.
struct Sums {
    std::vector<float> weights;
    std::vector<double> biases;
};

// The gradient of z, of some images.
void inner_gradient(const ConvolutionGeometry &g, const Sizes &sizes,
                    const void *saved, const float *gradient, int64_t first,
                    int64_t images, float *gz)
{
    const int64_t from = first * sizes.y;
    if (!g.pool)
        return relu_gradient((const float *)saved + from, gradient + from, gz,
                             images * sizes.z);
    for (int64_t k = 0; k < images; k++)
        unpool_image((const uint8_t *)saved + from + k * sizes.y,
                     gradient + from + k * sizes.y, gz + k * sizes.z,
                     sizes.height, sizes.width, g.filters);
}

void add_weights(const ConvolutionGeometry &g, const Prepared &prepared,
                 const float *x, const float *gz, int64_t images, Sums *sums)
{
    const Convolution &convolution = prepared.of(images);
    Buffer weights(convolution.w.get_size()), scratch(prepared.scratch());
    Buffer biases(sums->biases.size() * sizeof(float));
    std::unordered_map<int, dnnl::memory> arguments = {
        argument(DNNL_ARG_SRC, convolution.x, x),
        argument(DNNL_ARG_DIFF_DST, convolution.z, gz),
        argument(DNNL_ARG_DIFF_WEIGHTS, convolution.w, weights.floats())};
    if (!sums->biases.empty())
        arguments.insert(argument(DNNL_ARG_DIFF_BIAS, bias_layout(g),
                                  biases.floats()));
    execute(convolution, scratch.floats(), arguments);
    const float *added = weights.floats();
    for (size_t i = 0; i < sums->weights.size(); i++)
        sums->weights[i] += added[i];
    for (size_t c = 0; c < sums->biases.size(); c++)
        sums->biases[c] += biases.floats()[c];
}

void finish(const ConvolutionGeometry &g, const Prepared &prepared,
            std::vector<Sums> *slots, float *gw, float *gb)
{
    Sums &total = (*slots)[0];
    for (size_t slot = 1; slot < slots->size(); slot++) {
        for (size_t i = 0; i < total.weights.size(); i++)
            total.weights[i] += (*slots)[slot].weights[i];
        for (size_t c = 0; c < total.biases.size(); c++)
            total.biases[c] += (*slots)[slot].biases[c];
    }
    Buffer plain(plain_weights(g).get_size());
    reorder(prepared.any().w, &total.weights[0], plain_weights(g),
            plain.floats());
    turn(g, plain.floats(), gw);
    for (size_t c = 0; c < total.biases.size(); c++)
        gb[c] = float(total.biases[c]);
}

}  // namespace

namespace kernels {

void convolution_block(const ConvolutionGeometry &g, const float *x,
                       const float *w, const float *b, const float *added,
                       float *y, uint8_t *mask)
{
    const Sizes sizes(g);
    const Chunks chunks(g.images, sizes.z * sizeof(float));
    const Prepared prepared(b ? FORWARD_BIAS : FORWARD, g, chunks, w);
    chunks.run([&](int, int64_t first, int64_t images) {
        const Convolution &convolution = prepared.of(images);
        Buffer scratch(prepared.scratch());
        Buffer inside(g.pool ? images * sizes.z * sizeof(float) : 0);
        float *z = g.pool ? inside.floats() : y + first * sizes.z;
        std::unordered_map<int, dnnl::memory> arguments = {
            argument(DNNL_ARG_SRC, convolution.x, x + first * sizes.x),
            argument(DNNL_ARG_WEIGHTS, convolution.w,
                     prepared.filters_of(images)),
            argument(DNNL_ARG_DST, convolution.z, z)};
        if (b)
            arguments.insert(argument(DNNL_ARG_BIAS, bias_layout(g), b));
        execute(convolution, scratch.floats(), arguments);
        if (!g.relu) {
            for (int64_t i = 0; added && i < images * sizes.z; i++)
                z[i] += added[first * sizes.z + i];
            return;
        }
        if (!g.pool)
            return relu_in_place(z, images * sizes.z);
        for (int64_t k = 0; k < images; k++) {
            const int64_t to = (first + k) * sizes.y;
            pool_image(z + k * sizes.z, y + to, mask ? mask + to : mask,
                       sizes.height, sizes.width, g.filters);
        }
    });
}

void convolution_block_grad(const ConvolutionGeometry &g, const float *x,
                            const float *w, const void *saved,
                            const float *gradient, float *gw, float *gb,
                            float *gx)
{
    if (!g.images) {
        std::fill(gw, gw + (gw ? plain_weights(g).get_size() / 4 : 0), 0.f);
        std::fill(gb, gb + (gb ? g.filters : 0), 0.f);
        return;
    }
    const Sizes sizes(g);
    const Chunks chunks(g.images, (sizes.x + sizes.z) * sizeof(float));
    std::unique_ptr<Prepared> weights, data;
    std::vector<Sums> slots(chunks.slots);
    if (gw) {
        weights.reset(new Prepared(gb ? WEIGHTS_BIAS : WEIGHTS, g, chunks,
                                   NULL));
        for (Sums &sums : slots) {
            sums.weights.resize(weights->any().w.get_size() / sizeof(float));
            sums.biases.resize(gb ? g.filters : 0);
        }
    }
    if (gx)
        data.reset(new Prepared(DATA, g, chunks, w));
    chunks.run([&](int slot, int64_t first, int64_t images) {
        Buffer inside(g.relu ? images * sizes.z * sizeof(float) : 0);
        const float *gz = gradient + first * sizes.z;
        if (g.relu) {
            inner_gradient(g, sizes, saved, gradient, first, images,
                           inside.floats());
            gz = inside.floats();
        }
        if (gw)
            add_weights(g, *weights, x + first * sizes.x, gz, images,
                        &slots[slot]);
        if (!gx)
            return;
        const Convolution &convolution = data->of(images);
        Buffer scratch(data->scratch());
        execute(convolution, scratch.floats(),
                {argument(DNNL_ARG_DIFF_SRC, convolution.x,
                          gx + first * sizes.x),
                 argument(DNNL_ARG_WEIGHTS, convolution.w,
                          data->filters_of(images)),
                 argument(DNNL_ARG_DIFF_DST, convolution.z, gz)});
    });
    if (gw)
        finish(g, *weights, &slots, gw, gb);
}

}  // namespace kernels
