// Readers answer any bytes with their contents or a DataError; run under the sanitizers too.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "nascent/data/cifar.hpp"
#include "nascent/data/safetensors.hpp"
#include "nascent/evaluator/parity_fixture.hpp"
#include "nascent/space/random.hpp"

namespace nascent {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Some bytes changed, some put in or taken out, sometimes the end missing.
Bytes damaged(Bytes bytes, Random& random) {
  for (int changes = 1 + random.below(4); changes > 0 && !bytes.empty(); --changes) {
    const int at = random.below(static_cast<int>(bytes.size()));
    switch (random.below(5)) {
      case 0:
        bytes.insert(bytes.begin() + at, static_cast<std::uint8_t>(random.below(256)));
        break;
      case 1:
        bytes.erase(bytes.begin() + at);
        break;
      case 2:
        bytes.resize(static_cast<std::size_t>(at));
        break;
      case 3:
        bytes[static_cast<std::size_t>(at)] =
            static_cast<std::uint8_t>("0192[]{}\",-e."[random.below(13)]);
        break;
      default:
        bytes[static_cast<std::size_t>(at)] ^= static_cast<std::uint8_t>(1 << random.below(8));
    }
  }
  return bytes;
}

/// How often `parse` refused; any other exception fails the test.
template <class Parse>
int refusals(const Bytes& sound, int tries, Parse parse) {
  Random random(1, "damage");
  int refused = 0;
  for (int k = 0; k < tries; ++k) {
    try {
      parse(damaged(sound, random));
    } catch (const DataError&) {
      ++refused;
    }
  }
  return refused;
}

TEST(AnyBytes, AreASafetensorsFileOrADataError) {
  Safetensors set;
  set.add<float>("a.weight", {2, 3}, std::vector<float>(6, 1));
  set.add<std::int64_t>("b", {}, std::vector<std::int64_t>{7});
  set.metadata["key"] = "value";
  EXPECT_GT(
      refusals(set.bytes(), 20'000, [](const Bytes& bytes) { Safetensors::parse(bytes, "x"); }),
      10'000);
}

TEST(AnyBytes, AreAnArchitectureOfAFixtureOrADataError) {
  const std::string text =
      R"({"in_channels":3,"classes":10,"width":10,"depth":3,"ops":["conv","sep_conv","conv"],)"
      R"("kernels":[3,5,3],"epochs":3,"steps_per_epoch":1,"batch":64,"lr":0.025,"momentum":0.9,)"
      R"("weight_decay":0.0003,"grad_clip":5.0,"parameters":29090})";
  EXPECT_GT(refusals(Bytes(text.begin(), text.end()), 20'000,
                     [](const Bytes& bytes) {
                       parse_parity_architecture(std::string(bytes.begin(), bytes.end()), "x");
                     }),
            5'000);
}

TEST(AnyBytes, AreCifarRecordsOrADataError) {
  Bytes records(2 * 3073, 5);
  EXPECT_GT(refusals(records, 300,
                     [](const Bytes& bytes) {
                       ImageSet set;
                       parse_cifar(bytes, {1, 10}, "x", set);
                     }),
            100);
}

}  // namespace
}  // namespace nascent
