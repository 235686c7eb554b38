// Batch normalisation with a ReLU behind it; kernels.h says what is what.
//
// Images are cut into parts, whatever the number of threads, and the parts'
// sums are added in their order, so results do not depend on that number.
#include "kernels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

namespace {

const int64_t PART = 256;     // pixels of a part, where channels lie inside
const int64_t RUN = 16;       // numbers added up before it is done in double

#ifdef __AVX512F__
#define VECTOR 64             // bytes
#elif defined(__AVX__)
#define VECTOR 32
#else
#define VECTOR 16
#endif

// One number, or a vector of them. (An alias of that would lose its size as a
// template's argument.)
template <class F, bool wide> struct Numbers {
    typedef F Value;
};

template <class F> struct Numbers<F, true> {
    typedef F Value __attribute__((vector_size(VECTOR)));
};

// Where a formula is at: some neighbours at once, a vector of them or one,
// and their channels, side by side (`inside`) or one and the same.
template <class F, bool wide, bool inside> struct Place {
    typedef typename Numbers<F, wide>::Value Value;
    enum { count = sizeof(Value) / sizeof(F) };
    int64_t at, channel;

    static Value load(const F *from)
    {
        Value value;
        std::memcpy(&value, from, sizeof value);
        return value;
    }
    Value operator()(const F *images) const { return load(images + at); }
    Value of_channel(const F *values) const
    {
        return inside ? load(values + channel) : Value{} + values[channel];
    }
    void store(F *images, Value value) const
    {
        std::memcpy(images + at, &value, sizeof value);
    }
};

// Call body(first, end) for every part, on all threads.
template <class Body>
void by_parts(int64_t total, int64_t size, const Body &body)
{
    const int64_t parts = (total + size - 1) / size;
#pragma omp parallel for schedule(static)
    for (int64_t part = 0; part < parts; part++)
        body(part * size, std::min(total, (part + 1) * size));
}

// Call formula(place) once for all numbers.
template <class F, class Formula>
void everywhere(const ChannelShape &s, const Formula &formula)
{
    typedef Place<F, true, true> Inside;
    typedef Place<F, true, false> Within;
    typedef Place<F, false, false> Single;
    if (s.inner == 1)
        return by_parts(s.outer, PART, [&](int64_t first, int64_t end) {
            for (int64_t pixel = first; pixel < end; pixel++) {
                int64_t c = 0;
                for (; c + Inside::count <= s.channels; c += Inside::count)
                    formula(Inside{pixel * s.channels + c, c});
                for (; c < s.channels; c++)
                    formula(Single{pixel * s.channels + c, c});
            }
        });
    by_parts(s.outer * s.channels, 1, [&](int64_t plane, int64_t) {
        const int64_t c = plane % s.channels, end = (plane + 1) * s.inner;
        int64_t at = plane * s.inner;
        for (; at + Within::count <= end; at += Within::count)
            formula(Within{at, c});
        for (; at < end; at++)
            formula(Single{at, c});
    });
}

// Add up terms of some places, `step` apart, and add the sums to `to` and to
// what lies `next` behind it: of `lanes` channels, or of one.
template <class F, class At, class Term>
void add_run(At place, int64_t step, int64_t count, const Term &term,
             double *to, int64_t next, bool lanes)
{
    typename At::Value first{}, second{};
    for (int64_t k = 0; k < count; k++, place.at += step) {
        const auto found = term(place);
        first += found.first;
        second += found.second;
    }
    F apart[2][At::count];
    std::memcpy(apart[0], &first, sizeof first);
    std::memcpy(apart[1], &second, sizeof second);
    for (int64_t k = 0; k < At::count; k++) {
        to[lanes ? k : 0] += apart[0][k];
        to[next + (lanes ? k : 0)] += apart[1][k];
    }
}

// The sums, over each channel, of the pairs that term(place) is: a number a
// channel of the first ones, then of the second ones.
template <class F, class Term>
std::vector<double> sums(const ChannelShape &s, const Term &term)
{
    typedef Place<F, true, true> Inside;
    typedef Place<F, true, false> Within;
    typedef Place<F, false, false> Single;
    const int64_t c = s.channels, own = s.inner == 1 ? c : 1;
    const int64_t size = s.inner == 1 ? PART : 1;
    const int64_t total = s.inner == 1 ? s.outer : s.outer * c;
    std::vector<double> parts((total + size - 1) / size * 2 * own);
    by_parts(total, size, [&](int64_t first, int64_t end) {
        double *to = &parts[first / size * 2 * own];
        if (s.inner > 1) {
            const int64_t channel = first % c, last = (first + 1) * s.inner;
            for (int64_t at = first * s.inner; at < last;) {
                const int64_t left = last - at;
                const int64_t count = std::min(RUN, left / Within::count);
                if (count)
                    add_run<F>(Within{at, channel}, Within::count, count,
                               term, to, own, false);
                else
                    add_run<F>(Single{at, channel}, 1, left, term, to, own,
                               false);
                at += count ? count * Within::count : left;
            }
            return;
        }
        for (int64_t pixel = first; pixel < end; pixel += RUN) {
            const int64_t count = std::min(RUN, end - pixel);
            int64_t k = 0;
            for (; k + Inside::count <= c; k += Inside::count)
                add_run<F>(Inside{pixel * c + k, k}, c, count, term, to + k,
                           own, true);
            for (; k < c; k++)
                add_run<F>(Single{pixel * c + k, k}, c, count, term, to + k,
                           own, false);
        }
    });
    std::vector<double> found(2 * c);
    for (size_t k = 0; k < parts.size(); k++) {
        const int64_t part = k / (2 * own), which = k / own % 2;
        found[which * c + (own == 1 ? part % c : k % own)] += parts[k];
    }
    return found;
}

// max(z, 0), of NaN NaN.
template <class V> V rectified(V z)
{
    return z > 0 ? z : z * 0;
}

// What a ReLU of z lets through of y's gradient.
template <class V> V passed(V z, V g)
{
    return z > 0 ? g : V{};
}

// A number of each channel near to its mean: sums of what is left after it
// lose nothing.
template <class F>
std::vector<F> centers(const ChannelShape &s, const F *x)
{
    const int64_t step = s.inner == 1 ? s.channels : 1;
    const int64_t numbers = s.inner == 1 ? s.outer : s.inner;
    const int64_t count = s.outer ? std::min(RUN, numbers) : 0;
    std::vector<F> found(s.channels);
    for (int64_t c = 0; c < s.channels; c++) {
        for (int64_t k = 0; k < count; k++)
            found[c] += x[c * s.inner + k * step];
        found[c] /= count;
    }
    return found;
}

}  // namespace

namespace kernels {

template <class F>
void normalise_relu(const F *x, const F *mean, const F *factor,
                    const F *shift, F *y, ChannelShape shape)
{
    everywhere<F>(shape, [=](auto at) {
        at.store(y, rectified((at(x) - at.of_channel(mean))
                              * at.of_channel(factor)
                              + at.of_channel(shift)));
    });
}

template <class F>
void normalise_relu_grad(const F *x, const F *g, const F *mean,
                         const F *factor, const F *shift, F *gx,
                         ChannelShape shape)
{
    everywhere<F>(shape, [=](auto at) {
        const auto factors = at.of_channel(factor);
        const auto z = (at(x) - at.of_channel(mean)) * factors
                       + at.of_channel(shift);
        at.store(gx, passed(z, at(g)) * factors);
    });
}

template <class F>
void batch_norm_relu(const F *x, const F *scale, const F *shift,
                     const F *running, const F *variance, F *y, F *mean,
                     F *inverse, F *moved, F *moved_variance,
                     ChannelShape shape, double epsilon, double momentum)
{
    const int64_t c = shape.channels;
    const double count = double(shape.outer) * shape.inner;
    const std::vector<F> center = centers(shape, x);
    const F *from = center.data();
    const std::vector<double> total = sums<F>(shape, [=](auto at) {
        const auto value = at(x) - at.of_channel(from);
        return std::make_pair(value, value * value);
    });
    std::vector<F> factor(c);
    for (int64_t k = 0; k < c; k++) {
        const double off = total[k] / count;
        const double square = total[c + k] / count - off * off;
        const double spread = square < 0 ? 0 : square;
        mean[k] = F(from[k] + off);
        inverse[k] = F(1 / std::sqrt(spread + epsilon));
        factor[k] = scale[k] * inverse[k];
        moved[k] = F((1 - momentum) * running[k]
                     + momentum * (from[k] + off));
        moved_variance[k] = F((1 - momentum) * variance[k]
                              + momentum * spread * count / (count - 1));
    }
    normalise_relu(x, mean, factor.data(), shift, y, shape);
}

template <class F>
void batch_norm_relu_grad(const F *x, const F *g, const F *scale,
                          const F *shift, const F *mean, const F *inverse,
                          const F *added, F *gx, F *gscale, F *gshift,
                          ChannelShape shape)
{
    const int64_t c = shape.channels;
    const double count = double(shape.outer) * shape.inner;
    std::vector<F> factors(c), slopes(c), offsets(c);
    for (int64_t k = 0; k < c; k++)
        factors[k] = scale[k] * inverse[k];
    const F *factor = factors.data();
    // The gradient before the ReLU, and that of the scale but for a factor.
    const auto inner = [=](auto at) {
        const auto value = at(x) - at.of_channel(mean);
        const auto z = value * at.of_channel(factor) + at.of_channel(shift);
        const auto gz = passed(z, at(g));
        return std::make_pair(gz, gz * value);
    };
    const std::vector<double> total = sums<F>(shape, inner);
    for (int64_t k = 0; k < c; k++) {
        const double root = inverse[k];
        gshift[k] = F(total[k]);
        gscale[k] = F(total[c + k] * root);
        offsets[k] = F(-factor[k] * total[k] / count);
        slopes[k] = F(-factor[k] * root * root * total[c + k] / count);
    }
    const F *slope = slopes.data(), *offset = offsets.data();
    everywhere<F>(shape, [=](auto at) {
        const auto value = at(x) - at.of_channel(mean);
        auto below = at.of_channel(factor) * inner(at).first
                     + value * at.of_channel(slope) + at.of_channel(offset);
        at.store(gx, added ? below + at(added) : below);
    });
}

#define INSTANTIATE(F)                                                        \
    template void normalise_relu(const F *, const F *, const F *, const F *,  \
                                 F *, ChannelShape);                          \
    template void normalise_relu_grad(const F *, const F *, const F *,        \
                                      const F *, const F *, F *,              \
                                      ChannelShape);                          \
    template void batch_norm_relu(const F *, const F *, const F *, const F *, \
                                  const F *, F *, F *, F *, F *, F *,         \
                                  ChannelShape, double, double);              \
    template void batch_norm_relu_grad(const F *, const F *, const F *,       \
                                       const F *, const F *, const F *,       \
                                       const F *, F *, F *, F *,              \
                                       ChannelShape);

INSTANTIATE(float)
INSTANTIATE(double)

}  // namespace kernels
