#include "nascent/space/trans_nas_macro_space.hpp"

#include <map>
#include <set>

#include "../support/support.hpp"
#include "nascent/evaluator/read_table.hpp"
#include "nascent/space/neighbourhood.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

static_assert(MutableSpace<TransNasMacroSpace> && NeighbourSpace<TransNasMacroSpace>);

std::set<std::string> published() {
  const Table table =
      read_table(std::string(NASCENT_TEST_DATA) + "/tables/transnas101-macro-class_scene.csv");
  return {table.codes().begin(), table.codes().end()};
}

TEST(TransNasMacroSpace, HoldsExactlyThePublishedNetworks) {
  const TransNasMacroSpace space;
  std::set<std::string> valid;
  std::vector<int> list(6);
  for (int number = 0; number < 15'625; ++number) {  // every list of choices
    for (int i = 0, rest = number; i < 6; ++i, rest /= 5)
      list[static_cast<std::size_t>(i)] = rest % 5;
    const TransNasMacroNetwork network = space.decode(list);
    EXPECT_EQ(space.encode(network), list);
    if (space.contains(network)) valid.insert(to_string(network));
  }
  EXPECT_EQ(valid.size(), 3256u);
  EXPECT_EQ(valid, published());
}

TEST(TransNasMacroSpace, SamplesAreUniformOverNetworks) {
  const TransNasMacroSpace space;
  Random random(1);
  std::map<std::string, int> seen;
  for (int i = 0; i < 32'560; ++i) ++seen[to_string(space.sample(random))];
  double chi_square = 0;
  for (const auto& [code, count] : seen) chi_square += (count - 10) * (count - 10) / 10.0;
  chi_square += 10.0 * (3256 - static_cast<double>(seen.size()));
  EXPECT_NEAR(chi_square, 3255, 5 * 80.7);  // sd of chi-square with 3255 degrees: sqrt(2 * 3255)
}

TEST(TransNasMacroSpace, MutationsAreTheNeighboursByTheirWeights) {
  const TransNasMacroSpace space;
  // Of 3 * 4 * 4 proposals (5 places to put one in): a place taken out weighs 1/3 * 1/4.
  const TransNasMacroNetwork network = space.parse("1114");
  std::map<std::string, double> weights;
  const auto add = [&](const std::string& code, double weight) {
    if (code == "1114" || !published().contains(code)) return;
    weights[code] += weight;
  };
  for (const char module : {'1', '2', '3', '4'}) {
    for (std::size_t place = 0; place < 4; ++place)
      add(std::string("1114").replace(place, 1, 1, module), 1 / 3. / 16);
    for (std::size_t place = 0; place <= 4; ++place)
      add(std::string("1114").insert(place, 1, module), 1 / 3. / 20);
  }
  double total = 0;
  for (const auto& [code, weight] : weights) total += weight;
  std::set<std::string> around;
  for (const auto& other : space.neighbours(network)) around.insert(to_string(other));
  EXPECT_EQ(around.size(), space.neighbours(network).size());
  EXPECT_EQ(around.size(), weights.size());
  Random random(2);
  std::map<std::string, int> seen;
  constexpr int kDraws = 40'000;
  for (int i = 0; i < kDraws; ++i) ++seen[to_string(space.mutate(network, random))];
  for (const auto& [code, weight] : weights) {
    EXPECT_TRUE(around.contains(code)) << code;
    const double mean = kDraws * weight / total;
    EXPECT_NEAR(seen[code], mean, 5 * std::sqrt(mean)) << code;
  }
  EXPECT_EQ(seen.size(), weights.size());
}

TEST(TransNasMacroSpace, NeighboursAreOneValidChangeAway) {
  const TransNasMacroSpace space;
  Random random(3);
  for (int i = 0; i < 200; ++i) {
    const TransNasMacroNetwork network = space.sample(random);
    const auto around = space.neighbours(network);
    std::set<std::string> codes;
    for (const auto& other : around) {
      EXPECT_TRUE(space.contains(other) && other != network);
      EXPECT_LE(std::abs(other.depth() - network.depth()), 1);
      codes.insert(to_string(other));
      const auto back = space.neighbours(other);  // changes can be undone
      EXPECT_NE(std::find(back.begin(), back.end(), network), back.end());
    }
    EXPECT_EQ(codes.size(), around.size());
    EXPECT_TRUE(codes.contains(to_string(space.mutate(network, random))));
  }
}

TEST(TransNasMacroSpace, TextAndChoicesAreReadBack) {
  const TransNasMacroSpace space;
  EXPECT_THAT(space.encode(space.parse("13121")), ElementsAre(1, 3, 1, 2, 1, 0));
  EXPECT_THAT(space.choices(), ElementsAre(5, 5, 5, 5, 5, 5));
  EXPECT_EQ(space.parse("13121").depth(), 5);
  EXPECT_FALSE(space.contains(space.decode({1, 3, 0, 2, 1, 1})));  // a hole
  EXPECT_EQ(to_string(space.decode({1, 3, 0, 2, 0, 0})), "1302");
}

TEST(TransNasMacroSpace, DescribesTheNetworksOfTheAuthors) {
  // Counted by PyTorch 2.11 on the authors' MacroNet("64-CODE-basic"), 3x224x224, 75 classes.
  const struct {
    const char* code;
    std::int64_t parameters, macs;
  } counted[] = {{"131214", 3'703'019, 2'050'009'856},
                 {"4111", 2'327'275, 1'866'958'208},
                 {"1114", 998'635, 1'866'958'208}};
  TransNasMacroSpace space;
  for (const auto& [code, parameters, macs] : counted) {
    const NetworkDescription network = space.describe(space.parse(code));
    EXPECT_EQ(network.parameters(), parameters) << code;
    EXPECT_EQ(network.macs(), macs) << code;
  }
  space.fit_to({{1, 64, 64}, 10});
  const NetworkDescription small = space.describe(space.parse("1114"));
  EXPECT_EQ(small.problem, space.problem);
  EXPECT_EQ(small.layers.back().out, (Shape{10, 1, 1}));
  EXPECT_NE(message_of<std::invalid_argument>([&] { (void)space.describe({}); }), "");
}

TEST(TransNasMacroSpace, WhatIsNoNetworkIsRefusedInASentence) {
  const TransNasMacroSpace space;
  // Too short, no stride, no doubling, five strides, four doublings, too long, no module.
  for (const std::string text : {"", "114", "1112", "1113", "333332", "222243", "1111114", "1154",
                                 "11 4", "11141111111111111111111111111"})
    EXPECT_THAT(message_of<std::invalid_argument>([&] { space.parse(text); }),
                HasSubstr("architecture '" + text + "' is no macro network of TransNAS-Bench-101"));
  EXPECT_NE(message_of<std::invalid_argument>([&] { space.decode({1, 1, 1, 4}); }), "");
  Random random(4);
  EXPECT_NE(message_of<std::invalid_argument>([&] { space.mutate({}, random); }), "");
}

}  // namespace
}  // namespace nascent
