#include "nascent/operation/network_builder.hpp"

#include <array>

#include "../support/support.hpp"

namespace nascent {
namespace {

using ::testing::HasSubstr;

TEST(NetworkBuilder, ShapesParametersAndMultiplyAddsAreThoseOfPaper) {
  NetworkBuilder net({{3, 32, 32}, 10});
  net.convolution({.channels = 8, .kernel = 3}).batch_norm().relu();
  EXPECT_EQ(net.shape(), (Shape{8, 32, 32}));
  net.convolution({.channels = 8, .kernel = 5, .stride = 2, .groups = 8});
  EXPECT_EQ(net.shape(), (Shape{8, 16, 16}));
  net.convolution({.channels = 12, .kernel = 1}).batch_norm().global_average_pool().linear(10);
  const NetworkDescription network = std::move(net).finish();
  const std::int64_t parameters[] = {216, 16, 0, 200, 96, 24, 0, 130};
  const std::int64_t macs[] = {216 * 1024, 0, 0, 200 * 256, 96 * 256, 0, 0, 120};
  ASSERT_EQ(network.layers.size(), 8u);
  for (std::size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(network.layers[i].parameters(), parameters[i]) << i;
    EXPECT_EQ(network.layers[i].macs(), macs[i]) << i;
    EXPECT_EQ(network.layers[i].input, static_cast<int>(i) - 1);
  }
  EXPECT_EQ(network.parameters(), 682);
  EXPECT_EQ(network.macs(), 297'080);
}

TEST(NetworkBuilder, OddMapsAreHalvedUpwards) {
  for (const auto& [in, out] : {std::pair{1, 1}, {2, 1}, {3, 2}, {7, 4}, {28, 14}, {29, 15}}) {
    NetworkBuilder net({{1, in, in + 2}, 10});
    net.convolution({.channels = 1, .kernel = 7, .stride = 2});
    EXPECT_EQ(net.shape(), (Shape{1, out, (in + 3) / 2}));
  }
}

TEST(NetworkBuilder, AResidualAdditionJoinsTwoBranches) {
  NetworkBuilder net({{4, 8, 8}, 10});
  net.convolution({.channels = 6});
  const int trunk = net.here();
  net.relu().convolution({.channels = 6});
  const int branch = net.here();
  net.from(trunk).convolution({.channels = 6, .kernel = 1}).add(branch);
  EXPECT_EQ(net.shape(), (Shape{6, 8, 8}));
  const NetworkDescription network = std::move(net).finish();
  const LayerDescription& sum = network.layers.back();
  EXPECT_EQ(sum.kind, LayerKind::add);
  EXPECT_EQ(sum.input, 3);
  EXPECT_EQ(sum.other, branch);
  EXPECT_EQ(network.layers[3].input, trunk);
  EXPECT_EQ(network.parameters(), 4 * 6 * 9 + 6 * 6 * 9 + 36);
}

TEST(NetworkBuilder, AveragePoolingKeepsOrHalvesTheMap) {
  for (const auto& [kernel, stride, out] :
       {std::array{3, 1, 8}, {2, 2, 4}, {3, 2, 4}, {5, 1, 8}, {2, 1, 7}, {8, 8, 1}, {1, 1, 8}}) {
    NetworkBuilder net({{4, 8, 8}, 10});
    net.average_pool(kernel, stride);
    EXPECT_EQ(net.shape(), (Shape{4, out, out})) << kernel << " " << stride;
    const LayerDescription layer = std::move(net).finish().layers.back();
    EXPECT_EQ(layer.parameters(), 0);
    EXPECT_EQ(layer.macs(), 0);
    EXPECT_EQ(layer.flops(), 4 * out * out * kernel * kernel);
  }
  for (const auto& [kernel, stride] : {std::pair{0, 1}, {10, 1}, {3, 0}}) {
    NetworkBuilder net({{4, 9, 1}, 10});
    EXPECT_THAT(
        message_of<std::invalid_argument>([&, k = kernel, s = stride] { net.average_pool(k, s); }),
        HasSubstr("an average pooling needs"));
  }
}

TEST(NetworkBuilder, AZeroMapHasTheShapeOfWhatItReads) {
  NetworkBuilder net({{4, 8, 6}, 10});
  net.zero();
  EXPECT_EQ(net.shape(), (Shape{4, 8, 6}));
  const NetworkDescription network = std::move(net).finish();
  EXPECT_EQ(network.parameters() + network.macs() + network.flops(), 0);
}

TEST(NetworkBuilder, FlopsCountBatchNormRectifierAndPoolingToo) {
  NetworkBuilder net({{3, 4, 4}, 10});
  net.convolution({.channels = 2}).batch_norm().relu().global_average_pool().linear(10);
  EXPECT_EQ(std::move(net).finish().flops(), 2 * 27 * 16 + 2 * 32 + 32 + 2 * 5 * 5 + 20);
}

TEST(NetworkBuilder, MakesADescriptionThatHasATextOfItsOwn) {
  const auto text = [](int kernel, int stride) {
    NetworkBuilder net({{3, 8, 8}, 10});
    net.convolution({.channels = 4, .kernel = kernel, .stride = stride}).global_average_pool();
    return to_string(std::move(net).finish());
  };
  EXPECT_EQ(text(5, 2),
            "3x8x8, 10 classes\n"
            "convolution 3x8x8 4x4x4 -1 -1 -1 5 2 1\n"
            "global_average_pool 4x4x4 4x1x1 -1 0 -1 1 1 1\n");
  EXPECT_NE(text(3, 2), text(5, 2));
  EXPECT_NE(text(3, 1), text(3, 2));
}

TEST(NetworkBuilder, TheImageItselfMayBeAdded) {
  NetworkBuilder net({{3, 8, 8}, 10});
  net.convolution({.channels = 3}).add(LayerDescription::kImage);
  EXPECT_EQ(std::move(net).finish().layers.back().other, LayerDescription::kImage);
}

TEST(NetworkBuilder, LayersThatDoNotFitAreRefused) {
  const auto refused = [](NetworkBuilder::Convolution convolution) {
    NetworkBuilder net({{4, 8, 8}, 10});
    return message_of<std::invalid_argument>([&] { net.convolution(convolution); });
  };
  for (const NetworkBuilder::Convolution& wrong : {NetworkBuilder::Convolution{.channels = 0},
                                                   {.channels = 4, .kernel = 4},
                                                   {.channels = 4, .kernel = -1},
                                                   {.channels = 4, .stride = 0},
                                                   {.channels = 4, .groups = 0},
                                                   {.channels = 6, .groups = 4},
                                                   {.channels = 3, .groups = 3}})
    EXPECT_THAT(refused(wrong), HasSubstr("a convolution needs"));
  EXPECT_EQ(refused({.channels = 8, .groups = 4}), "");

  NetworkBuilder net({{4, 8, 8}, 10});
  net.convolution({.channels = 4, .stride = 2});
  EXPECT_THAT(message_of<std::invalid_argument>([&] { net.add(LayerDescription::kImage); }),
              HasSubstr("two outputs of one shape, not 4x4x4 and, of layer -1, 4x8x8; give"));
  EXPECT_NE(message_of([&] { net.add(7); }), "");
  EXPECT_NE(message_of([&] { net.from(-5); }), "");
}

TEST(Operations, SeparableAndPlainConvolutionLeaveTheMapAsked) {
  for (const auto& [describe, parameters] :
       {std::pair{&SeparableConv::describe, 8 * 25 + 8 * 12 + 24},
        std::pair{&Conv::describe, 8 * 12 * 25 + 24}}) {
    NetworkBuilder net({{8, 9, 9}, 10});
    describe(net, {.channels = 12, .kernel = 5, .stride = 2});
    EXPECT_EQ(net.shape(), (Shape{12, 5, 5}));
    const NetworkDescription network = std::move(net).finish();
    EXPECT_EQ(network.parameters(), parameters);
    EXPECT_EQ(network.layers.front().kind, LayerKind::relu);
    EXPECT_EQ(network.layers.back().kind, LayerKind::batch_norm);
  }
}

TEST(Operations, TheTableFindsEachByItsLetter) {
  using Both = Operations<SeparableConv, Conv>;
  static_assert(Both::count() == 2 && Both::value(0) == 's' && Both::value(1) == 'c');
  static_assert(Both::contains('c') && !Both::contains('x'));
  EXPECT_EQ(Both::find('c')->name, "plain convolution");
  EXPECT_EQ(Both::find('x'), nullptr);
  EXPECT_EQ(Both::listed(), "'s' (separable convolution), 'c' (plain convolution)");
  NetworkBuilder net({{8, 9, 9}, 10});
  Both::find('c')->describe(net, {.channels = 2});
  EXPECT_EQ(std::move(net).finish().layers.size(), 3u);
}

}  // namespace
}  // namespace nascent
