/* cuDNN 8 and 9 as Theano 1.0.5, written for cuDNN 7, wants it.
 *
 * Theano's convolutions use three functions and three constants that cuDNN 8
 * took away. Each function chose an algorithm within a limit of workspace;
 * its successor, *_v7, lists what there is, the best first, and leaves the
 * choice to the caller. This header makes the choice. It stands where the
 * compiler looks for <cudnn.h>, beside the real one under another name.
 */
#ifndef SONG2017_CUDNN_H
#define SONG2017_CUDNN_H

#include "cudnn_original.h"

#if CUDNN_MAJOR >= 8

/* The only preference that Theano states, with its value of old. */
enum {
  CUDNN_CONVOLUTION_FWD_SPECIFY_WORKSPACE_LIMIT = 2,
  CUDNN_CONVOLUTION_BWD_DATA_SPECIFY_WORKSPACE_LIMIT = 2,
  CUDNN_CONVOLUTION_BWD_FILTER_SPECIFY_WORKSPACE_LIMIT = 2
};

#define SONG2017_CHOOSE(kind, Filter, First, Second, Third)                  \
  static inline cudnnStatus_t cudnnGetConvolution##kind##Algorithm(          \
      cudnnHandle_t handle, const First first, const Second second,          \
      const cudnnConvolutionDescriptor_t convolution, const Third third,     \
      int preference, size_t limit,                                          \
      cudnnConvolution##Filter##Algo_t *algorithm) {                         \
    enum { MOST = 16 };                                                      \
    cudnnConvolution##Filter##AlgoPerf_t found[MOST];                        \
    int count = 0, k;                                                        \
    cudnnStatus_t status = cudnnGetConvolution##kind##Algorithm_v7(          \
        handle, first, second, convolution, third, MOST, &count, found);     \
    (void)preference;                                                        \
    if (status != CUDNN_STATUS_SUCCESS) return status;                       \
    for (k = 0; k < count; k++) {                                            \
      if (found[k].status == CUDNN_STATUS_SUCCESS &&                         \
          found[k].memory <= limit) {                                        \
        *algorithm = found[k].algo;                                          \
        return CUDNN_STATUS_SUCCESS;                                         \
      }                                                                      \
    }                                                                        \
    return CUDNN_STATUS_NOT_SUPPORTED;                                       \
  }

SONG2017_CHOOSE(Forward, Fwd, cudnnTensorDescriptor_t,
                cudnnFilterDescriptor_t, cudnnTensorDescriptor_t)
SONG2017_CHOOSE(BackwardData, BwdData, cudnnFilterDescriptor_t,
                cudnnTensorDescriptor_t, cudnnTensorDescriptor_t)
SONG2017_CHOOSE(BackwardFilter, BwdFilter, cudnnTensorDescriptor_t,
                cudnnTensorDescriptor_t, cudnnFilterDescriptor_t)

#undef SONG2017_CHOOSE

#endif
#endif
