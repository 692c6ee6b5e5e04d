// An operation of your own: MobileNetV2's inverted bottleneck (Sandler et al. 2018), with its
// residual where the shapes agree. Shapes, parameters, multiply-adds and the LibTorch module all
// follow from `describe`.
//   d6 w16 ops=mscmsm kernels=335353: 71834 parameters, 16861824 multiply-adds
#include <cstdio>
#include <nascent/core.hpp>

using namespace nascent;

struct InvertedBottleneck {
  static constexpr char letter = 'm';
  static constexpr std::string_view name = "inverted bottleneck";
  static constexpr int kExpansion = 4;

  static void describe(NetworkBuilder& net, LayerTarget target) {
    const int input = net.here();
    const Shape before = net.shape();
    const int expanded = kExpansion * before.channels;
    net.convolution({.channels = expanded, .kernel = 1}).batch_norm().relu();
    net.convolution({.channels = expanded,
                     .kernel = target.kernel,
                     .stride = target.stride,
                     .groups = expanded})
        .batch_norm()
        .relu();
    net.convolution({.channels = target.channels, .kernel = 1}).batch_norm();
    if (net.shape() == before) net.add(input);
  }
};

struct MobileSpace
    : ChainSpace<Depth<4, 20>, Width<8, 32, 2>, Operations<SeparableConv, Conv, InvertedBottleneck>,
                 Kernels<3, 5>> {};

int main() {
  const MobileSpace space;
  const Architecture net = parse_architecture("d6 w16 ops=mscmsm kernels=335353");
  space.require(net);
  std::printf("%s: %lld parameters, %lld multiply-adds\n", to_string(net).c_str(),
              static_cast<long long>(space.parameters(net)),
              static_cast<long long>(space.macs(net)));
}
