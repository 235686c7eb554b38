// Uniform random numbers by MRG31k3p, as Theano's rng_mrg gives them.
//
// state (streams, 6): number i comes of stream i % streams. `next` takes the
// state after `count` numbers and may be `state` itself. Without streams,
// nothing is done.
#pragma once
#include <stdint.h>

extern "C" {
void uniform_float32(const int32_t *state, int32_t *next, float *samples,
                     int64_t streams, int64_t count);
void uniform_float64(const int32_t *state, int32_t *next, double *samples,
                     int64_t streams, int64_t count);
}
