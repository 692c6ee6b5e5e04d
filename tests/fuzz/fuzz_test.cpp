// The fuzzers' targets on inputs that are changed at random, the same ones each time: no clang
// needed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <span>
#include <string>

#include "fuzz_seeds.hpp"
#include "nascent/space/random.hpp"

namespace nascent::fuzz {
namespace {

Bytes bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// A position in the text or at its end; near the beginning, where headers are, every other time.
std::size_t place(const std::string& text, Random& random) {
  const int most =
      static_cast<int>(random.below(2) == 0 ? std::min<std::size_t>(text.size(), 64) : text.size());
  return static_cast<std::size_t>(random.below(most + 1));
}

std::string mutated(std::string text, const std::string& other, Random& random) {
  constexpr char kTelling[] = {0, 1, 2, 127, -128, -1, '0', '9', '-', '"', '[', '}', ',', ' '};
  for (int change = random.below(4); change >= 0; --change) {
    const std::size_t at = place(text, random);
    const auto some = static_cast<std::size_t>(1 + random.below(8));
    switch (random.below(7)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        if (at < text.size()) text[at] ^= static_cast<char>(1 << random.below(8));
        break;
      case 2:
        if (at < text.size()) text[at] = kTelling[random.below(std::size(kTelling))];
        break;
      case 3:
        text.erase(at, some);
        break;
      case 4:
        text.insert(at, text.substr(place(text, random), some));
        break;
      case 5:
        text = text.substr(0, at) + other.substr(std::min(at, other.size()));
        break;
      default:
        text.resize(at);
    }
  }
  return text;
}

class Fuzz : public testing::TestWithParam<std::size_t> {};

TEST_P(Fuzz, AnswersTwentyThousandChangedInputsSoundly) {
  const Target& target = targets()[GetParam()];
  Random random(1, target.name);
  for (int round = 0; round < 20'000; ++round) {
    const auto pick = [&] {
      return target
          .seeds[static_cast<std::size_t>(random.below(static_cast<int>(target.seeds.size())))];
    };
    target.run(bytes_of(mutated(pick(), pick(), random)));
  }
}

INSTANTIATE_TEST_SUITE_P(Readers, Fuzz, testing::Range<std::size_t>(0, 13), [](const auto& target) {
  return std::string(targets()[target.param].name);
});

TEST(FuzzFound, StaysAnswered) {
  int tried = 0;
  for (const auto& entry : std::filesystem::directory_iterator(NASCENT_TEST_DATA "/../fuzz/found"))
    for (const Target& target : targets())
      if (entry.path().filename().string().starts_with(std::string(target.name) + "-")) {
        const std::string input = read_file(entry.path());
        target.run(bytes_of(input));
        ++tried;
      }
  EXPECT_GE(tried, 2);
}

TEST(FuzzSeeds, AreAcceptedSoThatChangesReachTheInside) {
  const auto accepts = [](const char* name, const std::string& text) {
    const std::string what = name;
    if (what == "cifar") {
      ImageSet set;
      return message_of([&] {
        parse_cifar(bytes_of(text).subspan(1), text[0] == 0 ? CifarForm{1, 10} : CifarForm{2, 100},
                    "seed", set);
      });
    }
    if (what == "picture") return message_of([&] { parse_picture(bytes_of(text), "seed"); });
    if (what == "safetensors")
      return message_of([&] { Safetensors::parse(bytes_of(text), "seed"); });
    if (what == "arch_json") return message_of([&] { parse_parity_architecture(text, "seed"); });
    if (what == "architecture") return message_of([&] { parse_architecture(text); });
    if (what == "journal") return message_of([&] { parse_journal(text, "seed"); });
    if (what == "pair_bin") return message_of([&] { parse_pair_bin(bytes_of(text), "seed"); });
    if (what == "pairs") return message_of([&] { parse_pairs(text, "seed"); });
    if (what == "scores") return message_of([&] { parse_scores(text, "seed"); });
    if (what == "network") return message_of([&] { parse_network(text); });
    const MemoryFile file;
    if (what == "table") return message_of([&] { read_table(file.holding(bytes_of(text))); });
    if (what == "idx_images")
      return message_of([&] { read_idx_images(file.holding(bytes_of(text))); });
    return message_of([&] { read_idx_labels(file.holding(bytes_of(text)), 10); });
  };
  for (const Target& target : targets())
    for (const std::string& seed : target.seeds) EXPECT_EQ(accepts(target.name, seed), "");
}

}  // namespace
}  // namespace nascent::fuzz
