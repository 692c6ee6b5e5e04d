#include "nascent/train/named_tensors.hpp"

#include <ATen/ops/equal.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "../support/support.hpp"
#include "nascent/data/read_text.hpp"
#include "nascent/evaluator/parity_fixture.hpp"
#include "nascent/space/sep_conv_space.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;

TEST(NamedTensors, HaveTheNamesAndShapesOfThePyTorchTwin) {
  for (const std::string fixture : {"cifar-mixed-6x10", "fmnist-sep-4x8"}) {
    const std::filesystem::path folder = NASCENT_TEST_DATA "/parity/" + fixture;
    const Safetensors file = Safetensors::read(folder / "weights.safetensors");
    const NetworkDescription description =
        parse_parity_architecture(read_text(folder / "arch.json"), "arch.json").describe(32, 32);
    Network network(description, 1);
    Safetensors written;
    add_network(written, description, network, 0);
    ASSERT_EQ(written.tensors().size(), file.tensors().size());
    for (const auto& [name, tensor] : file.tensors()) {
      EXPECT_EQ(written.at(name).shape, tensor.shape) << name;
      EXPECT_EQ(written.at(name).dtype, tensor.dtype) << name;
    }
  }
}

struct Example {
  NetworkDescription description = describe("d4 w6 ops=scsc kernels=3553");

  static NetworkDescription describe(const std::string& text) {
    SepConvSpace space;
    space.fit_to({{3, 16, 16}, 5});
    return space.describe(parse_architecture(text));
  }
};

TEST(NamedTensors, BringANetworkBackBitForBit) {
  const Example example;
  Network one(example.description, 1), other(example.description, 2);
  one.flat_statistics().uniform_(1, 2);
  Safetensors file;
  add_network(file, example.description, one, 12);
  load_tensors(file, named_tensors(example.description, other));
  EXPECT_TRUE(at::equal(one.flat_parameters(), other.flat_parameters()));
  EXPECT_TRUE(at::equal(one.flat_statistics(), other.flat_statistics()));
  EXPECT_EQ(file.values<std::int64_t>("stem.1.num_batches_tracked").front(), 12);
}

TEST(NamedTensors, OfAnotherNetworkAreRefusedAndChangeNothing) {
  const Example example;
  Network network(example.description, 1), untouched(example.description, 1);
  const NetworkDescription wider = Example::describe("d4 w8 ops=scsc kernels=3553");
  const NetworkDescription deeper = Example::describe("d5 w6 ops=scscs kernels=35533");
  Network wide(wider, 1);
  Safetensors file;
  add_network(file, wider, wide, 0);
  const auto load = [&](const NetworkDescription& description, Network& into) {
    return message_of<DataError>([&] { load_tensors(file, named_tensors(description, into)); });
  };
  EXPECT_THAT(load(example.description, network), HasSubstr("'stem.0.weight' has another shape"));
  EXPECT_TRUE(at::equal(network.flat_parameters(), untouched.flat_parameters()));
  Network deep(deeper, 1);
  file = {};
  add_network(file, example.description, network, 0);
  EXPECT_THAT(load(deeper, deep), HasSubstr("mixlayers."));
}

}  // namespace
}  // namespace nascent
