// The block's two passes over a batch, chunk by chunk.
#pragma once
#include <unordered_map>

#include "chunks.h"
#include "nhwc.h"

namespace {

// Copy filters, each turned by half a turn if they are to be.
void turn(const ConvolutionGeometry &g, const float *from, float *to)
{
    const int64_t area = g.rows * g.columns;
    for (int64_t k = 0; k < g.filters * g.channels; k++)
        for (int64_t i = 0; i < area; i++)
            to[k * area + i] = from[k * area + (g.flip ? area - 1 - i : i)];
}

void reorder(const Desc &from, float *source, const Desc &to, float *target)
{
    const OneThread guard;
    dnnl::memory a(from, engine(), source), b(to, engine(), target);
    dnnl::stream stream(engine());
    dnnl::reorder(a, b).execute(stream, a, b);
    stream.wait();
}

// The filters as a convolution wants them.
struct Filters {
    Buffer turned, ordered;

    Filters(const ConvolutionGeometry &g, const float *w, const Desc &layout)
        : turned(plain_weights(g).get_size()), ordered(layout.get_size())
    {
        turn(g, w, turned.floats());
        reorder(plain_weights(g), turned.floats(), layout, ordered.floats());
    }
};

// A convolution of one kind for both sizes of chunks, filters included.
class Prepared {
public:
    Prepared(Kind kind, const ConvolutionGeometry &g, const Chunks &chunks,
             const float *w)
        : small(chunks.small)
    {
        for (int64_t k = 0; k < 2; k++) {
            const bool used = k ? chunks.images % chunks.count : small;
            if (!used)
                continue;
            // Sums over both sizes need one layout.
            made[k] = get(kind, g, small + k,
                          kind == WEIGHTS && made[0] ? small : 0);
            if (w)
                filters[k].reset(new Filters(g, w, made[k]->w));
        }
    }
    const Convolution &of(int64_t images) const
    {
        return *made[images - small];
    }
    float *filters_of(int64_t images) const
    {
        return filters[images - small]->ordered.floats();
    }
    size_t scratch() const
    {
        size_t most = 0;
        for (const std::shared_ptr<Convolution> &one : made)
            most = std::max(most, one ? one->scratch.get_size() : 0);
        return most;
    }
    const Convolution &any() const { return made[0] ? *made[0] : *made[1]; }

private:
    int64_t small;
    std::shared_ptr<Convolution> made[2];
    std::unique_ptr<Filters> filters[2];
};

typedef std::pair<int, dnnl::memory> Argument;

inline Argument argument(int name, const Desc &layout, const float *data)
{
    return Argument(name, dnnl::memory(layout, engine(), (void *)data));
}

inline void execute(const Convolution &convolution, float *scratch,
                    std::unordered_map<int, dnnl::memory> arguments)
{
    dnnl::stream stream(engine());
    arguments.insert(argument(DNNL_ARG_SCRATCHPAD, convolution.scratch,
                              scratch));
    convolution.primitive.execute(stream, arguments);
    stream.wait();
}

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

inline void forward(const ConvolutionGeometry &g, const float *x,
                    const float *w, const float *b, float *y, uint8_t *mask)
{
    const Sizes sizes(g);
    const Chunks chunks(g.images, sizes.z * sizeof(float));
    const Prepared prepared(FORWARD, g, chunks, w);
    const Desc biases({g.filters}, dnnl::memory::data_type::f32, Tag::a);
    chunks.run([&](int, int64_t first, int64_t images) {
        const Convolution &convolution = prepared.of(images);
        Buffer scratch(prepared.scratch());
        Buffer inside(g.pool ? images * sizes.z * sizeof(float) : 0);
        float *z = g.pool ? inside.floats() : y + first * sizes.z;
        execute(convolution, scratch.floats(),
                {argument(DNNL_ARG_SRC, convolution.x, x + first * sizes.x),
                 argument(DNNL_ARG_WEIGHTS, convolution.w,
                          prepared.filters_of(images)),
                 argument(DNNL_ARG_BIAS, biases, b),
                 argument(DNNL_ARG_DST, convolution.z, z)});
        if (!g.relu)
            return;
        if (!g.pool)
            return relu_in_place(z, images * sizes.z);
        for (int64_t k = 0; k < images; k++) {
            const int64_t to = (first + k) * sizes.y;
            pool_image(z + k * sizes.z, y + to, mask ? mask + to : mask,
                       sizes.height, sizes.width, g.filters);
        }
    });
}

}  // namespace
