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

template <class F> struct Stack {
    int32_t shape[3] = {draw(1, 3), draw(6, 30), draw(6, 30)};
    int channels = shape[0], height = shape[1], width = shape[2];
    std::vector<int32_t> kinds, counts;
    std::vector<std::vector<F>> weights, biases;

    void add(int kind)
    {
        const int block = probe_block(sizeof(F)), filters = draw(1, 40);
        const int stride = (filters + block - 1) / block * block;
        const bool is_pool = kind == POOL;
        weights.push_back(is_pool ? std::vector<F>() : values<F>(
            -3, 9 * channels, filters, stride));
        biases.push_back(is_pool ? std::vector<F>() : values<F>(
            -3, 1, filters, stride));
        channels = is_pool ? channels : filters;
        height = is_pool ? height / 2 : height - 2;
        width = is_pool ? width / 2 : width - 2;
        kinds.push_back(kind);
        counts.push_back(channels);
    }
};

// Whether a random stack could be probed; most can.
template <class F, class Probe> static int attempt(Probe probe)
{
    Stack<F> stack;
    for (int depth = draw(1, 7), k = 0; k < depth; k++)
        stack.add(k ? draw(0, 2) : draw(0, 1));
    if (stack.height < 1 || stack.width < 1) return 0;
    const int size = stack.shape[0] * stack.shape[1] * stack.shape[2];
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
    std::vector<const F*> weights, biases;
    for (const std::vector<F>& one : stack.weights)
        weights.push_back(one.data());
    for (const std::vector<F>& one : stack.biases)
        biases.push_back(one.data());
    return !probe(stack.kinds.size(), stack.kinds.data(),
                  stack.counts.data(), weights.data(), biases.data(),
                  stack.shape, x.data(), images, owners.data(),
                  pixels.data(), written.data(), count, features.data(),
                  differs.data());
}

int main()
{
    int probed = 0;
    for (int k = 0; k < 150; k++)
        probed += attempt<float>(probe_float32)
                  + attempt<double>(probe_float64);
    printf("%d stacks probed\n", probed);
}
