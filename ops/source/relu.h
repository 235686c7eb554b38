// The arithmetic of one element, which all layouts share. Built without
// -ffast-math: signs of zero and NaN carry meaning here.
#pragma once
#include <limits>
#include <stdint.h>
#include <type_traits>

// Whole numbers as wide as a floating-point type.
template <class F> using Whole =
    typename std::conditional<sizeof(F) == 4, int32_t, int64_t>::type;

// -0 where v < 0, +0 where v is 0: from y alone, the gradient tells them.
template <class F> static inline F relu(F v)
{
    return v < 0 ? F(-0.0) : v + F(0);
}

// d ReLU / d v by y: 1, a half at 0, 0 below; NaN stays NaN.
template <class F> static inline F slope(F y)
{
    union { F value; Whole<F> bits; } u = {y};
    F s = u.bits > 0 ? F(1) : u.bits == 0 ? F(.5) : F(0);
    return y != y ? y : s;
}

// The larger as Theano's pool takes it: a first NaN stays, later ones go.
template <class F> static inline F larger(F a, F b)
{
    return b > a ? b : a;
}

// Two bits of the mask for one of the four, v before the ReLU: bit 0 where
// it is the maximum and not negative, bit 4 where it is exactly 0 besides,
// bit 4 alone for NaN. (0 never equals a maximum above it.)
template <class Bits, class F> static inline Bits receives(F v, F maximum)
{
    Bits full = v == maximum ? 1 : 0;
    Bits half = v == 0 ? full * 16 : 0;
    return v != v ? Bits(16) : full | half;
}

// What one of the four gets of its window's gradient g; bits as above.
template <class Bits, class F> static inline F share(Bits bits, F g)
{
    F full = bits & 1 ? g : F(0);
    F half = bits & 1 ? F(.5) * g : std::numeric_limits<F>::quiet_NaN();
    return bits & 16 ? half : full;
}
