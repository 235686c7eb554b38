// oneDNN's convolutions, each made once and kept.
#pragma once
#include <omp.h>

#include <dnnl.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "kernels.h"

namespace {

typedef dnnl::memory::desc Desc;
typedef dnnl::memory::format_tag Tag;

// The last of weights and biases.
enum Kind { FORWARD, FORWARD_BIAS, DATA, WEIGHTS, WEIGHTS_BIAS };

// A primitive, and the layouts of the arrays it works on.
struct Convolution {
    dnnl::primitive primitive;
    Desc x, w, b, z, scratch;
};

inline dnnl::engine &engine()
{
    static dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    return cpu;
}

// oneDNN's own threads would quarrel with ours: none while this lives.
class OneThread {
public:
    OneThread() : before(omp_get_max_threads()) { omp_set_num_threads(1); }
    ~OneThread() { omp_set_num_threads(before); }

private:
    int before;
};

inline Desc plain_weights(const ConvolutionGeometry &g, Tag tag = Tag::oihw)
{
    return Desc({g.filters, g.channels, g.rows, g.columns},
                dnnl::memory::data_type::f32, tag);
}

template <class Description>
std::shared_ptr<Convolution> convolution(const Description &d, const Desc &x,
                                         const Desc &w, const Desc &z)
{
    return std::make_shared<Convolution>(Convolution{
        dnnl::primitive(d), x, w, Desc(), z, d.scratchpad_desc()});
}

// `w` is the filters' layout, or Tag::any for the best one.
inline std::shared_ptr<Convolution> create(Kind kind,
                                           const ConvolutionGeometry &g,
                                           const Desc &w)
{
    const auto f32 = dnnl::memory::data_type::f32;
    const auto direct = dnnl::algorithm::convolution_direct;
    const dnnl::memory::dims stride = {g.stride[0], g.stride[1]};
    const dnnl::memory::dims pad = {g.pad[0], g.pad[1]};
    const Desc x({g.images, g.channels, g.height, g.width}, f32, Tag::nhwc);
    const bool bias = kind == FORWARD_BIAS || kind == WEIGHTS_BIAS;
    const Desc b = bias ? Desc({g.filters}, f32, Tag::a) : Desc();
    const Desc z({g.images, g.filters, output_length(g, 0),
                  output_length(g, 1)}, f32, Tag::nhwc);
    dnnl::primitive_attr attributes;   // our scratch memory: any thread's
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    const dnnl::convolution_forward::primitive_desc forward(
        engine(), dnnl::prop_kind::forward_training, direct, x, w, b, z,
        stride, pad, pad, attributes);
    if (kind == FORWARD || kind == FORWARD_BIAS)
        return convolution(forward, x, forward.weights_desc(), z);
    if (kind == DATA) {
        const dnnl::convolution_backward_data::primitive_desc data(
            engine(), direct, x, w, z, stride, pad, pad, forward, attributes);
        return convolution(data, x, data.weights_desc(), z);
    }
    const dnnl::convolution_backward_weights::primitive_desc weights(
        engine(), direct, x, w, b, z, stride, pad, pad, forward, attributes);
    return convolution(weights, x, weights.diff_weights_desc(), z);
}

// The convolution of a chunk of images; a hundred or so are kept. If `like`
// is not 0, its filters lie as those of the one of that many images.
inline std::shared_ptr<Convolution> get(Kind kind, ConvolutionGeometry g,
                                        int64_t images, int64_t like = 0)
{
    static std::mutex mutex;
    static std::map<std::vector<int64_t>, std::shared_ptr<Convolution>> kept;
    g.images = images;
    const std::vector<int64_t> key = {
        kind, g.images, g.channels, g.height, g.width, g.filters, g.rows,
        g.columns, g.stride[0], g.stride[1], g.pad[0], g.pad[1], like};
    const Desc layout = like ? get(kind, g, like)->w
                             : plain_weights(g, Tag::any);
    std::lock_guard<std::mutex> lock(mutex);
    const auto found = kept.find(key);
    if (found != kept.end())
        return found->second;
    const OneThread guard;             // some count threads when made
    std::shared_ptr<Convolution> made = create(kind, g, layout);
    if (kept.size() > 100)             // whoever uses one has a share in it
        kept.clear();
    return kept[key] = made;
}

}  // namespace
