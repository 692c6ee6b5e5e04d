#include "nascent/space/nas_bench_201_space.hpp"

#include <cmath>
#include <map>
#include <set>

#include "../support/support.hpp"
#include "nascent/evaluator/read_table.hpp"
#include "nascent/space/neighbourhood.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

static_assert(MutableSpace<NasBench201Space> && NeighbourSpace<NasBench201Space>);

const std::string kTables = std::string(NASCENT_TEST_DATA) + "/tables/";

// nasbench201-proxies-cifar10.csv, both in millions with six decimals.
TEST(NasBench201Space, ParametersAndFlopsAreThoseOfEveryPublishedRow) {
  const Table table = read_table(kTables + "nasbench201-proxies-cifar10.csv");
  ASSERT_EQ(table.size(), 491);
  const NasBench201Space space;
  for (int row = 0; row < table.size(); ++row) {
    const std::string& code = table.codes()[static_cast<std::size_t>(row)];
    const NetworkDescription network = space.describe(space.parse(code));
    const auto published = [&](const char* column) {
      return std::llround(1e6 * table.number(row, table.column(column)));
    };
    ASSERT_EQ(network.parameters(), published("params")) << code;
    ASSERT_EQ(network.flops(), published("flops")) << code;
  }
}

TEST(NasBench201Space, CountsFollowTheProblem) {
  NasBench201Space space;
  const NasBench201Cell cell = space.parse("433323");
  EXPECT_EQ(space.parameters(cell), 428'346);  // strategies' tables: 0.428346 M
  EXPECT_EQ(space.describe(cell).flops(), 62'502'592);
  EXPECT_EQ(space.macs(cell), 58'901'120);
  space.fit_to({{3, 32, 32}, 100});
  EXPECT_EQ(space.parameters(cell), 428'346 + 90 * 65);
  space.fit_to({{1, 28, 28}, 10});
  space.check();
  EXPECT_EQ(space.parameters(cell), 428'346 - 2 * 9 * 16);
  EXPECT_EQ(space.describe(cell).layers.back().in, (Shape{64, 1, 1}));
}

/// The kinds of the layers of the first cell, as far as they differ from one cell to another.
std::string first_cell(const std::string& code) {
  const NasBench201Space space{.cells = 1};
  std::string kinds;
  for (const LayerDescription& layer : space.describe(space.parse(code)).layers)
    if (layer.block == 0)
      kinds += (kinds.empty() ? "" : " ") + std::string(to_string(layer.kind)) +
               (layer.kind == LayerKind::convolution ? std::to_string(layer.kernel) : "");
  return kinds;
}

TEST(NasBench201Space, ANodeIsTheSumOfItsEdgesAndZeroWithoutAny) {
  EXPECT_EQ(first_cell("110111"), "zero zero");  // only 0-3, a skip
  EXPECT_EQ(first_cell("111111"), "zero zero zero");
  EXPECT_EQ(first_cell("000000"), "add add add");  // x, 2 x, 4 x
  EXPECT_EQ(first_cell("214110"), "relu convolution3 batch_norm zero average_pool add");
  EXPECT_EQ(first_cell("310111"), "relu convolution1 batch_norm zero");
}

TEST(NasBench201Space, TextAndChoicesAreReadBack) {
  const NasBench201Space space;
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    const NasBench201Cell cell = space.sample(random);
    EXPECT_EQ(space.parse(to_string(cell)), cell);
    EXPECT_EQ(space.decode(space.encode(cell)), cell);
  }
  EXPECT_THAT(space.encode(space.parse("433323")), ElementsAre(4, 3, 3, 3, 2, 3));
  EXPECT_THAT(space.choices(), ElementsAre(5, 5, 5, 5, 5, 5));
}

TEST(NasBench201Space, SamplesAreUniformOnEveryEdge) {
  const NasBench201Space space;
  Random random(2);
  std::map<std::pair<std::size_t, int>, int> seen;
  for (int i = 0; i < 10'000; ++i) {
    const auto operations = space.sample(random).operations;
    for (std::size_t edge = 0; edge < operations.size(); ++edge) ++seen[{edge, operations[edge]}];
  }
  EXPECT_EQ(seen.size(), 30u);
  for (const auto& [choice, count] : seen) EXPECT_NEAR(count, 2000, 5 * 40);  // sd 40
}

TEST(NasBench201Space, MutationsAreTheNeighboursAllAlike) {
  const NasBench201Space space;
  const NasBench201Cell cell = space.parse("012340");
  const auto around = space.neighbours(cell);
  ASSERT_EQ(around.size(), 24u);
  std::map<std::string, int> seen;
  for (const auto& other : around) {
    int changed = 0;
    for (std::size_t i = 0; i < 6; ++i) changed += other.operations[i] != cell.operations[i];
    EXPECT_EQ(changed, 1);
    seen[to_string(other)] = 0;
  }
  ASSERT_EQ(seen.size(), 24u);
  Random random(3);
  for (int i = 0; i < 24'000; ++i) ++seen[to_string(space.mutate(cell, random))];
  EXPECT_EQ(seen.size(), 24u);
  for (const auto& [code, count] : seen) EXPECT_NEAR(count, 1000, 5 * 31) << code;  // sd 31
}

TEST(NasBench201Space, WhatIsNoCellIsRefusedInASentence) {
  NasBench201Space space;
  for (const std::string text : {"", "43332", "4333233", "433325", "43332a"})
    EXPECT_EQ(message_of<std::invalid_argument>([&] { space.parse(text); }),
              "architecture '" + text +
                  "' is no cell of NAS-Bench-201: write six digits from 0 to 4, such as 433323");
  NasBench201Cell cell;
  cell.operations[2] = 5;
  EXPECT_FALSE(space.contains(cell));
  EXPECT_THAT(message_of<std::invalid_argument>([&] { space.describe(cell); }),
              HasSubstr("'005000' is no cell"));
  EXPECT_THAT(message_of<std::invalid_argument>([&] {
                space.decode({0, 0, 0, 0, 0, 5});
              }),
              HasSubstr("position 5 of an encoding of this space is from 0 to 4, not 5"));
  EXPECT_NE(message_of<std::invalid_argument>([&] { space.decode({0}); }), "");
  space.fit_to({{3, 30, 32}, 10});
  EXPECT_THAT(message_of<std::invalid_argument>([&] { space.check(); }),
              HasSubstr("multiples of 4"));
  const NasBench201Space none{.channels = 0};
  EXPECT_THAT(message_of<std::invalid_argument>([&] { none.check(); }), HasSubstr("channel"));
}

}  // namespace
}  // namespace nascent
