#include "nascent/space/residual_face_space.hpp"

#include <fstream>
#include <sstream>

#include "../support/support.hpp"
#include "nascent/core.hpp"
#include "nascent/operation/parse_network.hpp"
#include "nascent/space/neighbourhood.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {
namespace {

using ::testing::HasSubstr;

static_assert(MacroMicroSpace<ResidualFaceSpace> && NeighbourSpace<ResidualFaceSpace>);

/// Lines of a table after its head, in fields.
std::vector<std::vector<std::string>> rows(const std::string& name) {
  std::ifstream file(std::string(NASCENT_TEST_DATA) + "/face/" + name);
  std::vector<std::vector<std::string>> read;
  std::string line, field;
  std::getline(file, line);
  while (std::getline(file, line)) {
    read.emplace_back();
    for (std::istringstream fields(line); std::getline(fields, field, ',');)
      read.back().push_back(field);
  }
  return read;
}

ResidualFaceSpace space_of(int width, int embedding) {
  ResidualFaceSpace space;
  space.width.max = width;
  space.width.min = 1;
  space.embedding = embedding;
  return space;
}

// tests/data/face/README.md says where the numbers come from.
TEST(ResidualFaceSpace, HasTheParametersOfEveryPublishedRow) {
  const auto table = rows("ir-params.csv");
  ASSERT_EQ(table.size(), 12u);
  for (const auto& row : table) {
    const auto number = [&](std::size_t column) { return std::stoll(row[column]); };
    const auto count = [&](std::size_t column) { return std::stoi(row[column]); };
    const ResidualFaceSpace space = space_of(count(4), count(5));
    const ResidualFaceNetwork network({count(0), count(1), count(2), count(3)}, count(4));
    EXPECT_EQ(network.named_depth(), count(6));
    EXPECT_EQ(space.parameters(network), number(13)) << to_string(network);
    EXPECT_EQ(space.parameters(network) + 10'572 * number(5), number(14));
    EXPECT_EQ(space.macs(network), number(15)) << to_string(network);
  }
}

TEST(ResidualFaceSpace, HasTheParametersOfIr18AndIr50) {  // backbones.json
  const ResidualFaceSpace space = space_of(64, 512);
  EXPECT_EQ(space.parameters({{2, 2, 2, 2}, 64}), 24'020'352);
  EXPECT_EQ(space.macs({{2, 2, 2, 2}, 64}), 2'597'109'760);
  EXPECT_EQ(space.parameters({{3, 4, 14, 3}, 64}), 43'585'600);
  EXPECT_EQ(space.macs({{3, 4, 14, 3}, 64}), 6'296'485'888);
}

TEST(ResidualFaceSpace, HasTheLayersOfIr18OneByOne) {
  const NetworkDescription network = space_of(64, 512).describe({{2, 2, 2, 2}, 64});
  std::vector<std::int64_t> expected, described;
  for (const auto& row : rows("ir18-layers.csv"))
    if (row[8] != "0") expected.push_back(std::stoll(row[8]));
  for (const LayerDescription& layer : network.layers)
    if (layer.parameters() > 0) described.push_back(layer.parameters());
  std::ranges::sort(expected);  // the table writes the shortcut before the other way
  std::ranges::sort(described);
  EXPECT_EQ(described, expected);
}

TEST(ResidualFaceSpace, DealsBlocksByShares) {
  const DepthShare equal;
  EXPECT_EQ(equal.deal(4), (std::array{1, 1, 1, 1}));
  EXPECT_EQ(equal.deal(6), (std::array{2, 2, 1, 1}));
  EXPECT_EQ(equal.deal(28), (std::array{7, 7, 7, 7}));
  EXPECT_EQ((DepthShare{{3, 4, 14, 3}}).deal(24), (std::array{3, 4, 14, 3}));
  EXPECT_THROW((DepthShare{{0, 1, 1, 1}}).check(), std::invalid_argument);
}

TEST(ResidualFaceSpace, GrowsByABlockOfTwoLayersAndPrunesByAStep) {
  const ResidualFaceSpace space;
  const ResidualFaceNetwork start = space.start();
  EXPECT_EQ(to_string(start), "b1-1-1-1 w32 ops=cccccccc kernels=33333333");
  EXPECT_EQ(start.named_depth(), 10);
  EXPECT_EQ(to_string(space.deeper(start)), "b2-1-1-1 w32 ops=cccccccccc kernels=3333333333");
  EXPECT_EQ(space.narrower(start).width, 30);
  EXPECT_EQ(space.position(space.narrower(space.deeper(start))).deeper, 1);
  ResidualFaceSpace separable;
  separable.start_operation = 's';
  EXPECT_LT(separable.parameters(separable.start()), space.parameters(start));
}

TEST(ResidualFaceSpace, ReadsWhatItWritesAndRefusesTheRest) {
  const ResidualFaceSpace space;
  Random random(1);
  for (int i = 0; i < 50; ++i) {
    const ResidualFaceNetwork drawn = space.sample(random);
    EXPECT_EQ(space.parse(to_string(drawn)), drawn);
    const NetworkDescription network = space.describe(drawn);
    EXPECT_EQ(to_string(parse_network(to_string(network))), to_string(network));
    for (const ResidualFaceNetwork& other : space.neighbours(drawn))
      EXPECT_TRUE(space.contains(other) && other != drawn) << to_string(other);
  }
  for (const char* text :
       {"", "b", "b1-1-1 w32 ops=cc kernels=33", "b1-1-1-1 w32 ops=cccccccx kernels=33333333",
        "b1-1-1-1 w32 ops=cccccccc kernels=33333334", "b0-2-1-1 w32 ops=cccccccc kernels=33333333",
        "b1-1-1-1 w64 ops=cccccccc kernels=33333333", "b1-1-1-1 w32 ops=ccc kernels=333"})
    EXPECT_THROW(space.parse(text), std::invalid_argument) << text;
}

TEST(ResidualFaceSpace, AnImageThatCannotBeHalvedFourTimesIsRefused) {
  ResidualFaceSpace space;
  space.problem.image = {3, 100, 112};
  EXPECT_THAT([&] { space.check(); },
              ::testing::ThrowsMessage<std::invalid_argument>(HasSubstr("multiples of 16")));
}

TEST(ResidualFaceSpace, KeepsTheLawsUnderTheMacroSearch) {
  Search<GreedyMacroMicro, DynamicEpochRanker, ResidualFaceSpace> search({.macro_only = true});
  search.space.blocks = {4, 8};
  search.space.width = {8, 16, 4};
  EXPECT_EQ(testing::broken_law(search), "");
}

}  // namespace
}  // namespace nascent
