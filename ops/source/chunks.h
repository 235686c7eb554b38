// How a batch is shared out; convolutions and filters, ready for its parts.
//
// It is cut into chunks of images that fit a core's cache, so that ReLU and
// pool find there what the convolution has just left. Each thread has a share
// of the chunks that depends on the number of threads alone.
#pragma once
#include <algorithm>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "primitives.h"

namespace {

const int64_t CACHE = 400 * 1024;      // bytes of a chunk, of 1 MiB or so

// Memory that lasts as long as this.
class Buffer {
public:
    explicit Buffer(size_t bytes)
    {
        if (posix_memalign(&start, 64, bytes + 64))
            throw std::bad_alloc();
    }
    ~Buffer() { free(start); }
    float *floats() { return (float *)start; }

private:
    void *start;
    Buffer(const Buffer &);
    Buffer &operator=(const Buffer &);
};

// Chunks of `small` images or one more.
struct Chunks {
    int slots;
    int64_t images, count, small;

    Chunks(int64_t images, int64_t bytes)
        : slots(omp_get_max_threads()), images(images)
    {
        const int64_t size = std::max<int64_t>(
            1, CACHE / std::max<int64_t>(1, bytes));
        count = (images + size - 1) / size;
        count = std::max<int64_t>(1, (count + slots - 1) / slots) * slots;
        small = images / count;
    }
    int64_t start(int64_t chunk) const { return chunk * images / count; }

    // Call body(slot, first image, images) for every chunk.
    template <class Body> void run(const Body &body) const
    {
        std::vector<std::string> errors(slots);
#pragma omp parallel for schedule(static, 1) num_threads(slots)
        for (int slot = 0; slot < slots; slot++) {
            const OneThread guard;
            try {
                for (int64_t k = slot * (count / slots);
                     k < (slot + 1) * (count / slots); k++)
                    if (start(k) < start(k + 1))
                        body(slot, start(k), start(k + 1) - start(k));
            } catch (const std::exception &error) {
                errors[slot] = std::string("oneDNN: ") + error.what();
            }
        }
        for (const std::string &error : errors)
            if (!error.empty())
                throw std::runtime_error(error);
    }
};

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
                          w == NULL && made[0] ? small : 0);
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

}  // namespace
