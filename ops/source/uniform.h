// Uniform random numbers by MRG31k3p, as Theano's rng_mrg gives them.
//
// state (streams, 6): number i comes of stream i % streams. `next` takes the
// state after `count` numbers and may be `state` itself. Without streams,
// nothing is done.
#pragma once
#include <stdint.h>

// Visible in the library, however whoever includes this is compiled.
namespace kernels __attribute__((visibility("default"))) {

template <class F>
void uniform(const int32_t *state, int32_t *next, F *samples, int64_t streams,
             int64_t count);

}  // namespace kernels
