// MRG31k3p of kernels.h: L'Ecuyer and Touzin, Fast combined multiple
// recursive generators with multipliers of the form a = 2^q ± 2^r, 2000.
//
// Threads share the streams, which know nothing of one another. A block of
// streams is taken apart, so that the compiler draws from all at once by
// vectors; unsigned arithmetic wraps where Theano's relies on signed to.
#include "kernels.h"

#include <string.h>

#include <algorithm>

namespace {

const int LANES = 16;                  // streams of a block
const int64_t SINGLE = 16384;          // up to so many numbers, one thread
const uint32_t M1 = 2147483647, M2 = 2147462579;

// y less m where y, unsigned, is not below m: once, as it is below 2 m.
inline uint32_t reduce(uint32_t y, uint32_t m) { return std::min(y, y - m); }

// Theano's shift: a state's numbers are signed there.
inline uint32_t shift(uint32_t x, int bits)
{
    return uint32_t(int32_t(x) >> bits);
}

// 2^22 x12 + (2^7 + 1) x13 modulo M1
inline uint32_t first(uint32_t x12, uint32_t x13)
{
    const uint32_t y = ((x12 & 511) << 22) + shift(x12, 9)
                       + ((x13 & 16777215) << 7) + shift(x13, 24);
    return reduce(reduce(y, M1) + x13, M1);
}

// 2^15 x modulo M2
inline uint32_t turn(uint32_t x)
{
    return reduce(((x & 65535) << 15) + 21069 * shift(x, 16), M2);
}

// 2^15 x21 + (2^15 + 1) x23 modulo M2
inline uint32_t second(uint32_t x21, uint32_t x23)
{
    return reduce(reduce(turn(x23) + x23, M2) + turn(x21), M2);
}

inline float scale(int32_t value, float) { return value * 4.6566126e-10f; }

inline double scale(int32_t value, double)
{
    return value * 4.656612873077392578125e-10;
}

class Block {
public:
    void load(const int32_t *state, int count)
    {
        for (int lane = 0; lane < count; lane++)
            for (int k = 0; k < 6; k++)
                x[k][lane] = uint32_t(state[6 * lane + k]);
    }

    void store(int32_t *state, int count) const
    {
        for (int lane = 0; lane < count; lane++)
            for (int k = 0; k < 6; k++)
                state[6 * lane + k] = int32_t(x[k][lane]);
    }

    // The next number of every stream.
    template <class F> void draw(F *samples)
    {
        for (int lane = 0; lane < LANES; lane++) {
            const uint32_t a = first(x[1][lane], x[2][lane]);
            const uint32_t b = second(x[3][lane], x[5][lane]);
            for (int k = 2; k > 0; k--) {
                x[k][lane] = x[k - 1][lane];
                x[3 + k][lane] = x[2 + k][lane];
            }
            x[0][lane] = a;
            x[3][lane] = b;
            const uint32_t more = int32_t(a) <= int32_t(b) ? M1 : 0;
            samples[lane] = scale(int32_t(a - b + more), F());
        }
    }

private:
    uint32_t x[6][LANES] = {};
};

// Draw from `count` streams, LANES at most, of which each gives `rounds`
// numbers; its k-th lies at samples + k * streams.
template <class F>
inline void draw_block(const int32_t *state, int32_t *next, F *samples,
                       int count, int64_t rounds, int64_t streams)
{
    Block block;
    block.load(state, count);
    for (int64_t k = 0; k < rounds; k++) {
        F values[LANES];
        block.draw(values);
        memcpy(samples + k * streams, values, count * sizeof(F));
    }
    block.store(next, count);
}

// Share out the streams from `start` to `end` to the threads.
template <class F>
void draw_range(const int32_t *state, int32_t *next, F *samples,
                int64_t start, int64_t end, int64_t rounds, int64_t streams)
{
    if (!rounds && state == next)
        return;
#pragma omp for schedule(static) nowait
    for (int64_t i = start; i < end; i += LANES) {
        const int32_t *from = state + 6 * i;
        int32_t *to = next + 6 * i;
        // A length that the compiler knows makes whole blocks fast.
        if (end - i >= LANES)
            draw_block(from, to, samples + i, LANES, rounds, streams);
        else
            draw_block(from, to, samples + i, int(end - i), rounds, streams);
    }
}

}  // namespace

namespace kernels {

template <class F>
void uniform(const int32_t *state, int32_t *next, F *samples, int64_t streams,
             int64_t count)
{
    if (!streams)
        return;
    const int64_t rounds = count / streams, rest = count % streams;
#pragma omp parallel if (count > SINGLE)
    {
        draw_range(state, next, samples, 0, rest, rounds + 1, streams);
        draw_range(state, next, samples, rest, streams, rounds, streams);
    }
}

template void uniform(const int32_t *, int32_t *, float *, int64_t, int64_t);
template void uniform(const int32_t *, int32_t *, double *, int64_t, int64_t);

}  // namespace kernels
