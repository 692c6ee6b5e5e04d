#include "../support/support.hpp"
#include "nascent/meta/stable_hash.hpp"
#include "nascent/meta/type_name.hpp"
#include "nascent/meta/type_table.hpp"

namespace nascent {
namespace {

// Published values of FNV-1a and SplitMix64; seeds and journals rest on them.
static_assert(stable_hash("") == 0xcbf29ce484222325ULL);
static_assert(stable_hash("a") == 0xaf63dc4c8601ec8cULL);
static_assert(stable_hash("foobar") == 0x85944171f73967e8ULL);
static_assert(stable_hash("bar", stable_hash("foo")) == stable_hash("foobar"));
static_assert(mix(0x9e3779b97f4a7c15ULL) == 0xe220a8397b1dcdafULL);  // SplitMix64 from 0

template <class... T>
struct List {};

TEST(TypeName, IsTheNameWithoutTheLibrarys) {
  EXPECT_EQ(meta::type_name<int>(), "int");
  EXPECT_EQ(meta::type_name<SepConvSpace>(), "SepConvSpace");
  EXPECT_EQ((meta::type_name<Width<16, 72, 4>>()), "Width<16, 72, 4>");
  EXPECT_THAT((meta::type_name<List<SepConvSpace, DynamicEpochRanker>>()),
              ::testing::HasSubstr("List<SepConvSpace, DynamicEpochRanker>"));
}

struct One {
  static constexpr int number = 1;
};
struct Two {
  static constexpr int number = 2;
};

TEST(TypeTable, TurnsTypesIntoValuesInTheirOrder) {
  constexpr auto table = meta::table_of<Two, One, Two>([]<class T>() { return T::number; });
  static_assert(table == std::array{2, 1, 2});
  static_assert(!meta::all_different(table));
  static_assert(meta::all_different(std::array{3, 5, 7}));
}

}  // namespace
}  // namespace nascent
