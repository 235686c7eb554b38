// Not a test that runs by itself: probes of random stacks, to be built with
// sanitizers:
//
//   g++ -std=c++14 -O1 -g -march=native -fsanitize=address,undefined -fopenmp
//       -fno-sanitize-recover=undefined tests/sanitize_probing.cpp
//       -I ops/source -o sanitize && ./sanitize
//
// Arrays have exactly the size that they should have, so that a step beyond
// one is seen. Prints how many stacks it has tried.
#include <stdio.h>

#include <random>

#include "probing.cpp"

static std::mt19937 generator(0);

static int draw(int low, int high)
{
    return std::uniform_int_distribution<int>(low, high)(generator);
}

// Numbers from `low` to 3 in the first `used` of every `stride` places.
template <class F>
static std::vector<F> values(int low, size_t rows, int used, int stride)
{
    std::vector<F> found(rows * stride);
    for (size_t i = 0; i < found.size(); i++)
        found[i] = int(i % stride) < used ? F(draw(low, 3)) : F(0);
    return found;
}

// As ops/probing.py measures it.
template <class F> struct Stack {
    int height = draw(6, 30), width = draw(6, 30), channels = draw(1, 3);
    int stride = channels, patch = 1, widest = 0;
    const int size = channels * height * width;
    std::vector<Layer<F>> layers;
    std::vector<std::vector<F>> arrays;

    void add(int kind)
    {
        const int block = probe_block(sizeof(F)), filters = draw(1, 40);
        const bool is_pool = kind == POOL;
        Layer<F> layer = {kind, height, width, channels, stride, patch};
        height = is_pool ? height / 2 : height - 2;
        width = is_pool ? width / 2 : width - 2;
        widest = is_pool ? widest : std::max(widest, patch);
        patch = is_pool ? patch / 2 + 1 : patch + 2;
        if (!is_pool) {
            stride = (filters + block - 1) / block * block;
            arrays.push_back(values<F>(-3, 9 * channels, filters, stride));
            layer.weights = arrays.back().data();
            arrays.push_back(values<F>(-3, 1, filters, stride));
            layer.bias = arrays.back().data();
            channels = filters;
        } else {
            stride = (channels + block - 1) / block * block;
        }
        layer.height = height;
        layer.width = width;
        layer.channels = channels;
        layer.stride = stride;
        layer.patch = patch;
        layers.push_back(layer);
    }
};

// Whether a random stack could be probed; most can.
template <class F, class Probe> static int attempt(Probe probe)
{
    Stack<F> stack;
    for (int depth = draw(1, 7), k = 0; k < depth; k++)
        stack.add(k ? draw(0, 2) : draw(0, 1));
    if (stack.height < 1 || stack.width < 1 || stack.widest > 8) return 0;
    const int size = stack.size;
    const int images = draw(1, 3), count = draw(0, 100);
    const std::vector<F> x = values<F>(0, images, size, size);
    const std::vector<F> written = values<F>(0, count, 1, 1);
    std::vector<int64_t> owners(count), pixels(count);
    for (int k = 0; k < count; k++) {
        owners[k] = draw(0, images - 1);
        pixels[k] = draw(-1, size - 1);
    }
    std::vector<F> features(
        (size_t)count * stack.channels * stack.height * stack.width);
    std::vector<uint8_t> differs(count);
    return !probe(stack.layers.size(), stack.layers.data(), x.data(), images,
                  owners.data(), pixels.data(), written.data(), count,
                  features.data(), differs.data());
}

int main()
{
    int probed = 0;
    for (int k = 0; k < 150; k++)
        probed += attempt<float>(probe_float32)
                  + attempt<double>(probe_float64);
    printf("%d stacks probed\n", probed);
}
