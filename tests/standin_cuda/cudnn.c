/* A stand-in for libcudnn.so.8, of what Theano's operations ask of it.
 *
 * Descriptors remember what they are told; everything else succeeds and
 * computes nothing. Of two algorithms offered, the first wants more memory
 * than there is. See driver.c.
 *
 *     gcc -shared -fPIC -Wl,-soname,libcudnn.so.8 -o libcudnn.so.8 cudnn.c
 */
#include <stdlib.h>
#include <string.h>

enum { SUCCESS = 0, DIMENSIONS = 8 };

typedef struct {
  int type, format, count, size[DIMENSIONS], stride[DIMENSIONS];
  int pad[DIMENSIONS], dilation[DIMENSIONS], mode, compute, groups;
} Descriptor;

typedef struct {
  int algorithm, status;
  float time;
  size_t memory;
  int determinism, math, reserved[3];
} Performance;

#define DESCRIPTOR(name)                                                   \
  int cudnnCreate##name##Descriptor(Descriptor **made) {                   \
    *made = calloc(1, sizeof(Descriptor));                                 \
    (*made)->groups = 1;                                                   \
    return SUCCESS;                                                        \
  }                                                                        \
  int cudnnDestroy##name##Descriptor(Descriptor *old) {                    \
    free(old);                                                             \
    return SUCCESS;                                                        \
  }
DESCRIPTOR(Tensor)
DESCRIPTOR(Filter)
DESCRIPTOR(Convolution)
DESCRIPTOR(Pooling)
DESCRIPTOR(ReduceTensor)

int cudnnCreate(void **handle) { *handle = (void *)0x4000; return SUCCESS; }
int cudnnDestroy(void *handle) { (void)handle; return SUCCESS; }
size_t cudnnGetVersion(void) { return 8907; }
const char *cudnnGetErrorString(int error) {
  (void)error;
  return "refused by the stand-in";
}

static void copy(int *target, const int *source, int count) {
  memcpy(target, source, (size_t)count * sizeof(int));
}

int cudnnSetTensorNdDescriptor(Descriptor *d, int type, int count,
                               const int *size, const int *stride) {
  d->type = type;
  d->count = count;
  copy(d->size, size, count);
  copy(d->stride, stride, count);
  return SUCCESS;
}

int cudnnGetTensorNdDescriptor(Descriptor *d, int most, int *type, int *count,
                               int *size, int *stride) {
  int given = d->count < most ? d->count : most;
  *type = d->type;
  *count = d->count;
  copy(size, d->size, given);
  copy(stride, d->stride, given);
  return SUCCESS;
}

int cudnnSetFilterNdDescriptor(Descriptor *d, int type, int format, int count,
                               const int *size) {
  d->type = type;
  d->format = format;
  d->count = count;
  copy(d->size, size, count);
  return SUCCESS;
}

int cudnnGetFilterNdDescriptor(Descriptor *d, int most, int *type,
                               int *format, int *count, int *size) {
  *type = d->type;
  *format = d->format;
  *count = d->count;
  copy(size, d->size, d->count < most ? d->count : most);
  return SUCCESS;
}

int cudnnSetConvolutionNdDescriptor(Descriptor *d, int count, const int *pad,
                                    const int *stride, const int *dilation,
                                    int mode, int compute) {
  d->count = count;
  copy(d->pad, pad, count);
  copy(d->stride, stride, count);
  copy(d->dilation, dilation, count);
  d->mode = mode;
  d->compute = compute;
  return SUCCESS;
}

int cudnnGetConvolutionNdDescriptor(Descriptor *d, int most, int *count,
                                    int *pad, int *stride, int *dilation,
                                    int *mode, int *compute) {
  int given = d->count < most ? d->count : most;
  *count = d->count;
  copy(pad, d->pad, given);
  copy(stride, d->stride, given);
  copy(dilation, d->dilation, given);
  *mode = d->mode;
  *compute = d->compute;
  return SUCCESS;
}

int cudnnSetConvolutionGroupCount(Descriptor *d, int groups) {
  d->groups = groups;
  return SUCCESS;
}

int cudnnGetConvolutionGroupCount(Descriptor *d, int *groups) {
  *groups = d->groups;
  return SUCCESS;
}

int cudnnGetConvolutionNdForwardOutputDim(Descriptor *d, Descriptor *x,
                                          Descriptor *w, int count,
                                          int *size) {
  int k;
  size[0] = x->size[0];
  size[1] = w->size[0];
  for (k = 0; k < count - 2; k++)
    size[k + 2] = 1 + (x->size[k + 2] + 2 * d->pad[k] -
                       (d->dilation[k] * (w->size[k + 2] - 1) + 1)) /
                          d->stride[k];
  return SUCCESS;
}

#define ALGORITHMS(kind)                                                    \
  int cudnnGetConvolution##kind##Algorithm_v7(                              \
      void *handle, void *first, void *second, void *convolution,           \
      void *third, int most, int *count, Performance *found) {              \
    (void)handle; (void)first; (void)second; (void)convolution;             \
    (void)third; (void)most;                                                \
    memset(found, 0, 2 * sizeof *found);                                    \
    *count = 2;                                                             \
    found[0].memory = (size_t)1 << 60;                                      \
    found[1].algorithm = 1;                                                 \
    return SUCCESS;                                                         \
  }                                                                         \
  int cudnnGetConvolution##kind##WorkspaceSize(                             \
      void *handle, void *first, void *second, void *convolution,           \
      void *third, int algorithm, size_t *size) {                           \
    (void)handle; (void)first; (void)second; (void)convolution;             \
    (void)third; (void)algorithm;                                           \
    *size = 1024;                                                           \
    return SUCCESS;                                                         \
  }                                                                         \
  int cudnnFindConvolution##kind##AlgorithmEx(void) { return 1; }
ALGORITHMS(Forward)
ALGORITHMS(BackwardData)
ALGORITHMS(BackwardFilter)

int cudnnGetReductionWorkspaceSize(void *handle, void *reduction, void *from,
                                   void *to, size_t *size) {
  (void)handle; (void)reduction; (void)from; (void)to;
  *size = 64;
  return SUCCESS;
}

#define NOTHING(name) int cudnn##name(void) { return SUCCESS; }
NOTHING(SetStream)
NOTHING(SetConvolutionMathType)
NOTHING(ConvolutionForward)
NOTHING(ConvolutionBackwardData)
NOTHING(ConvolutionBackwardFilter)
NOTHING(SetPoolingNdDescriptor)
NOTHING(PoolingForward)
NOTHING(PoolingBackward)
NOTHING(SoftmaxForward)
NOTHING(SoftmaxBackward)
NOTHING(SetReduceTensorDescriptor)
NOTHING(ReduceTensor)
