// The convolutional block of convolution.h.
#include "convolution.h"

#include <cstring>

#include "gradients.h"

namespace {

int report(const std::exception &error, char *message)
{
    strncpy(message, error.what(), MESSAGE_LENGTH - 1);
    message[MESSAGE_LENGTH - 1] = 0;
    return 1;
}

}  // namespace

int convolution_block(const ConvolutionGeometry *geometry, const float *x,
                      const float *w, const float *b, float *y, uint8_t *mask,
                      char *message)
try {
    forward(*geometry, x, w, b, y, mask);
    return 0;
} catch (const std::exception &error) {
    return report(error, message);
}

int convolution_block_grad(const ConvolutionGeometry *geometry,
                           const float *x, const float *w, const void *saved,
                           const float *g, float *gw, float *gb, float *gx,
                           char *message)
try {
    backward(*geometry, x, w, saved, g, gw, gb, gx);
    return 0;
} catch (const std::exception &error) {
    return report(error, message);
}
