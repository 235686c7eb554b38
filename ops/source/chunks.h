// How a batch is shared out.
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

}  // namespace
