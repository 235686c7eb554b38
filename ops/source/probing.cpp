// What one changed pixel does to the features of a convolutional network.
//
// A probe changes one input, so in each layer only the patch that sees that
// input changes. The layers are computed once for the image itself, and a
// probe carries the *difference* of its patch from layer to layer:
//
//     3x3 convolution  d' = f(z + W * d) - f(z)     the patch grows by 2
//     2x2 max-pool     d' = max(a + d) - max(a)     the patch halves
//
// with z the image's own pre-activations, a its activations, and f ReLU or
// the identity. Rectifiers make half of the differences zero, and those
// channels are passed over.
//
// Arrays here are (rows, columns, channels), channels padded with zeros to a
// multiple of BLOCK, so that one vector register holds LANES of them.

#include <omp.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <vector>

#if defined(__AVX512F__)
enum { REGISTER = 64 };
#elif defined(__AVX__)
enum { REGISTER = 32 };
#else
enum { REGISTER = 16 };
#endif

enum Kind { CONVOLUTION, RECTIFIED_CONVOLUTION, POOL };

template <class F> struct Vector {
    enum { LANES = REGISTER / sizeof(F), BLOCK = 2 * LANES };
    typedef F type __attribute__((vector_size(REGISTER), aligned(sizeof(F)),
                                  may_alias));
};

// One layer, with the sizes of its input, its output, and the patches that a
// probe changes in them; LAYER of ops/probing.py.
template <class F> struct Layer {
    int32_t kind;
    int32_t in_height, in_width, in_channels, in_stride, in_patch;
    int32_t height, width, channels, stride;  // stride: channels with padding
    int32_t patch;
    const F* weights;  // (3, 3, in_channels, stride), as correlation
    const F* bias;     // (stride,)

    bool holds(int row, int column) const {  // patches reach beyond it
        return row >= 0 && row < height && column >= 0 && column < width;
    }
};

static_assert(sizeof(Layer<float>) == 64, "LAYER of ops/probing.py");

template <class F> static inline F activate(int kind, F z) {
    return kind == RECTIFIED_CONVOLUTION && !(z > 0) && z == z ? F(0) : z;
}

// Rows and columns of the upper left corner of the patch behind a layer.
static inline int corner(int kind, int first) {
    if (kind == POOL) return first >> 1;  // floor, also below 0
    return first - 2;
}

// ------------------------------------------------------ the image itself

// Pre-activations of a valid 3x3 convolution of the whole input.
template <class F>
static void convolve(const Layer<F>& layer, const F* input, F* output) {
    typedef typename Vector<F>::type V;
    const int lanes = Vector<F>::LANES;
    for (int row = 0; row < layer.height; row++)
    for (int column = 0; column < layer.width; column++)
    for (int c = 0; c < layer.stride; c += 2 * lanes) {
        V low = *(const V*)(layer.bias + c);
        V high = *(const V*)(layer.bias + c + lanes);
        for (int k = 0; k < 9; k++) {
            const F* x = input + ((row + k / 3) * layer.in_width + column
                                  + k % 3) * layer.in_stride;
            const F* w = layer.weights
                         + (size_t)k * layer.in_channels * layer.stride + c;
            for (int i = 0; i < layer.in_channels; i++, w += layer.stride) {
                low += x[i] * *(const V*)w;
                high += x[i] * *(const V*)(w + lanes);
            }
        }
        F* z = output + (row * layer.width + column) * layer.stride + c;
        *(V*)z = low;
        *(V*)(z + lanes) = high;
    }
}

template <class F>
static void pool(const Layer<F>& layer, const F* input, F* output) {
    for (int row = 0; row < layer.height; row++)
    for (int column = 0; column < layer.width; column++)
    for (int c = 0; c < layer.stride; c++) {
        const F* a = input + (2 * row * layer.in_width + 2 * column)
                             * layer.in_stride + c;
        F most = a[0];
        for (int k = 1; k < 4; k++) {
            F other = a[((k / 2) * layer.in_width + k % 2) * layer.in_stride];
            most = other > most ? other : most;
        }
        output[(row * layer.width + column) * layer.stride + c] = most;
    }
}

// Of every layer: z, what it computes before f, and a, after.
template <class F> struct Activations {
    std::vector<std::vector<F>> before, after;

    void resize(const std::vector<Layer<F>>& layers) {
        before.resize(layers.size());
        after.resize(layers.size());
        for (size_t k = 0; k < layers.size(); k++) {
            const Layer<F>& layer = layers[k];
            after[k].resize((size_t)layer.height * layer.width * layer.stride);
            before[k].resize(layer.kind == POOL ? 0 : after[k].size());
        }
    }

    void compute(const std::vector<Layer<F>>& layers, const F* image) {
        const F* input = image;
        for (size_t k = 0; k < layers.size(); k++) {
            const Layer<F>& layer = layers[k];
            if (layer.kind == POOL) {
                pool(layer, input, after[k].data());
            } else {
                convolve(layer, input, before[k].data());
                for (size_t i = 0; i < after[k].size(); i++)
                    after[k][i] = activate(layer.kind, before[k][i]);
            }
            input = after[k].data();
        }
    }
};

// ------------------------------------------------------------- one probe

// W * d for a patch (P, P, in_channels) into (P + 2, P + 2, stride): every
// place that the patch reaches, whether or not it lies in the layer.
template <class F, int P>
static void spread(const Layer<F>& layer, const F* delta, int* active,
                   F* output) {
    typedef typename Vector<F>::type V;
    const int lanes = Vector<F>::LANES;
    const int in_stride = layer.in_stride, stride = layer.stride;
    int count[P];  // channels of a row of the patch that have changed
    for (int row = 0; row < P; row++) {
        int* found = active + row * layer.in_channels;
        count[row] = 0;
        for (int c = 0; c < layer.in_channels; c++) {
            bool changed = false;
            for (int column = 0; column < P; column++)
                changed |= delta[(row * P + column) * in_stride + c] != 0;
            found[count[row]] = c;
            count[row] += changed;
        }
    }
    for (int out_row = 0; out_row < P + 2; out_row++)
    for (int block = 0; block < stride; block += 2 * lanes) {
        V low[P + 2], high[P + 2];
        for (int j = 0; j < P + 2; j++) low[j] = high[j] = V{};
        for (int tap_row = 0; tap_row < 3; tap_row++) {
            int row = out_row - 2 + tap_row;
            if (row < 0 || row >= P) continue;
            for (int t = 0; t < count[row]; t++) {
                int c = active[row * layer.in_channels + t];
                const F* d = delta + row * P * in_stride + c;
                const F* w = layer.weights + block + (size_t)stride
                             * (tap_row * 3 * layer.in_channels + c);
                #pragma GCC unroll 3
                for (int tap = 0; tap < 3; tap++) {
                    V w_low = *(const V*)w, w_high = *(const V*)(w + lanes);
                    #pragma GCC unroll 8
                    for (int j = 0; j < P; j++) {
                        low[j + 2 - tap] += d[j * in_stride] * w_low;
                        high[j + 2 - tap] += d[j * in_stride] * w_high;
                    }
                    w += (size_t)layer.in_channels * stride;
                }
            }
        }
        F* out = output + out_row * (P + 2) * stride + block;
        #pragma GCC unroll 10
        for (int j = 0; j < P + 2; j++) {
            *(V*)(out + j * stride) = low[j];
            *(V*)(out + j * stride + lanes) = high[j];
        }
    }
}

template <class F>
static void spread_any(const Layer<F>& layer, const F* delta, int* active,
                       F* output) {
    static void (*const by_width[])(const Layer<F>&, const F*, int*, F*) = {
        spread<F, 1>, spread<F, 2>, spread<F, 3>, spread<F, 4>,
        spread<F, 5>, spread<F, 6>, spread<F, 7>, spread<F, 8>};
    by_width[layer.in_patch - 1](layer, delta, active, output);
}

// Turn W * d into d' = f(z + W * d) - f(z); 0 where the layer has no place.
template <class F>
static void rectify(const Layer<F>& layer, int top, int left,
                    const Activations<F>& own, size_t k, F* delta) {
    const int stride = layer.stride;
    for (int i = 0; i < layer.patch; i++)
    for (int j = 0; j < layer.patch; j++) {
        F* d = delta + (i * layer.patch + j) * stride;
        int row = top + i, column = left + j;
        if (!layer.holds(row, column)) {
            memset(d, 0, stride * sizeof(F));
            continue;
        }
        if (layer.kind == CONVOLUTION) continue;
        size_t place = ((size_t)row * layer.width + column) * stride;
        const F* z = own.before[k].data() + place;
        const F* a = own.after[k].data() + place;
        for (int c = 0; c < stride; c++)
            d[c] = activate(layer.kind, z[c] + d[c]) - a[c];
    }
}

// d' = max(a + d) - max(a) over 2x2 windows.
template <class F>
static void pool_delta(const Layer<F>& layer, int in_top, int in_left,
                       const F* in_delta, int top, int left, const F* input,
                       const F* own, F* delta) {
    const int stride = layer.stride, in_patch = layer.in_patch;
    for (int i = 0; i < layer.patch; i++)
    for (int j = 0; j < layer.patch; j++) {
        F* d = delta + (i * layer.patch + j) * stride;
        int row = top + i, column = left + j;
        if (!layer.holds(row, column)) {
            memset(d, 0, stride * sizeof(F));
            continue;
        }
        for (int k = 0; k < 4; k++) {
            int r = 2 * row + k / 2, s = 2 * column + k % 2;
            const F* a = input + ((size_t)r * layer.in_width + s) * stride;
            int p = r - in_top, q = s - in_left;
            bool changed = p >= 0 && p < in_patch && q >= 0 && q < in_patch;
            const F* e = changed ? in_delta + (p * in_patch + q) * stride : a;
            for (int c = 0; c < stride; c++) {
                F value = changed ? a[c] + e[c] : a[c];
                d[c] = k == 0 || value > d[c] ? value : d[c];
            }
        }
        const F* a = own + ((size_t)row * layer.width + column) * stride;
        for (int c = 0; c < stride; c++) d[c] -= a[c];
    }
}

// What a thread works in, made before the threads start.
template <class F> struct Workspace {
    std::vector<F> image, delta, next;
    std::vector<int> active;
};

// Features of one probe; returns whether any differs from the image's own.
template <class F>
static bool probe(const std::vector<Layer<F>>& layers,
                  const Activations<F>& own, int pixel, F change,
                  Workspace<F>& work, F* features) {
    const Layer<F>& first = layers[0];
    int channel = pixel / (first.in_height * first.in_width);
    int top = pixel / first.in_width % first.in_height;
    int left = pixel % first.in_width;
    F *delta = work.delta.data(), *next = work.next.data();
    memset(delta, 0, first.in_stride * sizeof(F));
    delta[channel] = change;
    for (size_t k = 0; k < layers.size(); k++) {
        const Layer<F>& layer = layers[k];
        int new_top = corner(layer.kind, top);
        int new_left = corner(layer.kind, left);
        if (layer.kind == POOL) {
            pool_delta(layer, top, left, delta, new_top, new_left,
                       own.after[k - 1].data(), own.after[k].data(), next);
        } else {
            spread_any(layer, delta, work.active.data(), next);
            rectify(layer, new_top, new_left, own, k, next);
        }
        top = new_top;
        left = new_left;
        std::swap(delta, next);
    }
    const Layer<F>& last = layers.back();
    bool differs = false;
    for (int i = 0; i < last.patch; i++)
    for (int j = 0; j < last.patch; j++) {
        int row = top + i, column = left + j;
        if (!last.holds(row, column)) continue;
        F* f = features + (row * last.width + column) * last.channels;
        const F* d = delta + (i * last.patch + j) * last.stride;
        for (int c = 0; c < last.channels; c++) {
            differs |= d[c] != 0;
            f[c] += d[c];
        }
    }
    return differs;
}

// ------------------------------------------------------------ everything

// ops/probing.py says what the arguments are, and that they can be probed. 0:
// done; 2: out of memory.
template <class F>
static int run(int depth, const Layer<F>* stack, const F* images,
               int64_t count, const int64_t* owners, const int64_t* pixels,
               const F* values, int64_t probes, F* features,
               uint8_t* differs) try {
    const std::vector<Layer<F>> layers(stack, stack + depth);
    const Layer<F>&first = layers.front(), &last = layers.back();
    const int plane = first.in_height * first.in_width;
    const int size = first.in_channels * plane;
    const int length = last.height * last.width * last.channels;
    size_t half = first.in_channels, widest = 0;  // of a patch, and its rows
    for (const Layer<F>& layer : layers) {
        half = std::max(half, (size_t)layer.patch * layer.patch
                              * layer.stride);
        widest = std::max(widest, (size_t)layer.in_patch
                                  * layer.in_channels);
    }
    // No thread asks for memory: what it throws could not be caught.
    std::vector<Activations<F>> own(count);
    for (Activations<F>& image : own) image.resize(layers);
    std::vector<Workspace<F>> workspaces(omp_get_max_threads());
    for (Workspace<F>& work : workspaces) {
        work.image.resize(size);
        work.delta.resize(half);
        work.next.resize(half);
        work.active.resize(widest);
    }
    #pragma omp parallel num_threads((int)workspaces.size())
    {
        Workspace<F>& work = workspaces[omp_get_thread_num()];
        #pragma omp for schedule(dynamic)
        for (int64_t n = 0; n < count; n++) {
            for (int p = 0; p < size; p++)  // channels last
                work.image[p % plane * first.in_channels + p / plane] =
                    images[n * size + p];
            own[n].compute(layers, work.image.data());
        }
        #pragma omp for schedule(dynamic, 16)
        for (int64_t k = 0; k < probes; k++) {
            F* row = features + k * length;
            const F* a = own[owners[k]].after.back().data();
            for (int place = 0; place < last.height * last.width; place++)
                memcpy(row + place * last.channels, a + place * last.stride,
                       last.channels * sizeof(F));
            F change = pixels[k] < 0 ? 0
                : values[k] - images[owners[k] * size + pixels[k]];
            differs[k] = change != 0
                && probe(layers, own[owners[k]], (int)pixels[k], change, work,
                         row);
        }
    }
    return 0;
} catch (const std::bad_alloc&) {
    return 2;
}

#define INTERFACE(F, name)                                                  \
    extern "C" int name(                                                    \
        int depth, const Layer<F>* stack, const F* images, int64_t count,   \
        const int64_t* owners, const int64_t* pixels, const F* values,      \
        int64_t probes, F* features, uint8_t* differs) {                    \
        return run<F>(depth, stack, images, count, owners, pixels, values,  \
                      probes, features, differs);                           \
    }
INTERFACE(float, probe_float32)
INTERFACE(double, probe_float64)

extern "C" int probe_block(int bytes) {  // channels are padded to a multiple
    return 2 * REGISTER / bytes;
}
