#include "nascent/space/table_space.hpp"

#include <set>

#include "../strategy/strategy_support.hpp"
#include "nascent/space/nas_bench_201_space.hpp"

namespace nascent {
namespace {

using ::testing::HasSubstr;

using Cells = TableSpace<NasBench201Space>;
static_assert(MutableSpace<Cells> && NeighbourSpace<Cells> && EncodedSpace<Cells>);
static_assert(detail::describes_networks<Cells, NasBench201Cell>);
static_assert(SpacePolicy<TableSpace<Row>> && NeighbourSpace<TableSpace<Row>>);

std::shared_ptr<const Table> table_of(const std::vector<std::string>& codes) {
  Table table({"accuracy"});
  for (std::size_t i = 0; i < codes.size(); ++i) table.add(codes[i], {static_cast<double>(i)});
  return std::make_shared<const Table>(std::move(table));
}

const std::vector<std::string> kFew{"000000", "000001", "000012", "444444", "no cell"};

TEST(TableSpace, DrawsAndListsWhatTheTableHolds) {
  const Cells space({}, table_of(kFew));
  EXPECT_EQ(space.size(), 4);
  EXPECT_EQ(space.table().size(), 5);
  Random random(1);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(to_string(space.sample(random)));
  EXPECT_EQ(seen, std::set<std::string>(kFew.begin(), kFew.end() - 1));
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(to_string(space.mutate(space.parse("000000"), random)), "000001");
  const auto around = space.neighbours(space.parse("000001"));
  ASSERT_EQ(around.size(), 1u);
  EXPECT_EQ(to_string(around[0]), "000000");
  EXPECT_TRUE(space.neighbours(space.parse("444444")).empty());
}

TEST(TableSpace, WhatHasNoMutationInTheTableIsDrawnAfresh) {
  const Cells space({}, table_of(kFew));
  Random random(1);
  std::set<std::string> seen;
  for (int i = 0; i < 50; ++i) seen.insert(to_string(space.mutate(space.parse("444444"), random)));
  EXPECT_EQ(seen.size(), 4u);
}

TEST(TableSpace, WhatTheTableDoesNotHoldLiesOutside) {
  const Cells space({}, table_of(kFew));
  const NasBench201Cell absent = NasBench201Space{}.parse("333333");
  EXPECT_FALSE(space.contains(absent));
  EXPECT_EQ(message_of<std::invalid_argument>([&] { space.require(absent); }),
            "architecture '333333' is not in the table");
  EXPECT_THAT(message_of<std::invalid_argument>([&] { space.parse("333333"); }),
              HasSubstr("not in the table"));
  EXPECT_THAT(message_of<std::invalid_argument>([&] { space.parse("no cell"); }),
              HasSubstr("no cell of NAS-Bench-201"));
  EXPECT_FALSE(space.contains(space.decode({3, 3, 3, 3, 3, 3})));
}

TEST(TableSpace, ATableOfAnotherSpaceIsRefused) {
  EXPECT_THAT(message_of<std::invalid_argument>([] {
                Cells({}, table_of({"1114", "555555"}));
              }),
              HasSubstr("choose the space that the table was made for"));
}

TEST(Table, FindsRowsAndColumns) {
  Table table({"accuracy", "seconds"});
  table.add("007", {90, 1});
  table.add("7", {80, 2});
  EXPECT_EQ(table.find("007"), 0);  // codes are text
  EXPECT_EQ(table.find("7"), 1);
  EXPECT_EQ(table.find("07"), -1);
  EXPECT_EQ(table.number(1, table.column("seconds")), 2);
  EXPECT_EQ(message_of<std::invalid_argument>([&] { table.column("flops"); }),
            "the table has no column 'flops'; choose one of accuracy, seconds");
  EXPECT_THAT(message_of<std::invalid_argument>([&] {
                table.add("7", {70, 3});
              }),
              HasSubstr("code '7' occurs twice"));
  EXPECT_THAT(message_of<std::invalid_argument>([&] { table.add("8", {70}); }),
              HasSubstr("one number for each"));
  EXPECT_THAT(message_of<std::invalid_argument>([] {
                Table({"a", "b", "a"});
              }),
              HasSubstr("column 'a' occurs twice"));
}

}  // namespace
}  // namespace nascent
