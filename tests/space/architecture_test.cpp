#include "nascent/space/architecture.hpp"

#include <sstream>
#include <unordered_set>

#include "../support/support.hpp"

namespace nascent {
namespace {

using ::testing::HasSubstr;

TEST(Architecture, TextFormParsesBack) {
  Architecture architecture(4, 16);
  architecture.layers[2] = {'c', 7};
  EXPECT_EQ(to_string(architecture), "d4 w16 ops=sscs kernels=3373");
  EXPECT_EQ(parse_architecture(to_string(architecture)), architecture);
  EXPECT_EQ(parse_architecture("  d4  w16 ops=sscs   kernels=3373 "), architecture);
  std::ostringstream out;
  out << architecture;
  EXPECT_EQ(out.str(), to_string(architecture));

  SepConvSpace space;
  Random random(1);
  for (int i = 0; i < 100; ++i) {
    const Architecture drawn = space.sample(random);
    EXPECT_EQ(parse_architecture(to_string(drawn)), drawn);
  }
}

TEST(Architecture, IsARegularValueWithOrderAndHash) {
  const Architecture base = parse_architecture("d3 w16 ops=sss kernels=333");
  std::unordered_set<Architecture> set{base};
  for (const char* text : {"d3 w17 ops=sss kernels=333", "d4 w16 ops=ssss kernels=3333",
                           "d3 w16 ops=ssc kernels=333", "d3 w16 ops=sss kernels=335"}) {
    const Architecture other = parse_architecture(text);
    EXPECT_NE(base, other);
    EXPECT_TRUE((base < other) != (other < base));
    EXPECT_NE(std::hash<Architecture>()(base), std::hash<Architecture>()(other));
    EXPECT_TRUE(set.insert(other).second);
    EXPECT_FALSE(set.insert(parse_architecture(text)).second);
  }
  EXPECT_EQ(set.size(), 5u);
  // The hash is part of seeds, so it may never change.
  EXPECT_EQ(std::hash<Architecture>()(base), stable_hash("d3 w16 ops=sss kernels=333"));
}

TEST(Architecture, TextThatIsWrongIsRefusedWithThePosition) {
  struct Case {
    const char *text, *position, *reason;
  };
  const Case cases[] = {
      {"", "position 1", "expected 'd...'"},
      {"w4 d16", "position 1", "expected 'd...'"},
      {"d4", "position 3", "expected 'w...'"},
      {"d4 w16 kernels=3333", "position 8", "expected 'ops=...'"},
      {"d4 w16 ops=ssss", "position 16", "expected 'kernels=...'"},
      {"d4 w16 ops=ssss kernels=3333 x", "position 30", "nothing may follow"},
      {"d w16 ops=ssss kernels=3333", "position 2", "the depth must be a whole number from 3"},
      {"d2 w16 ops=ss kernels=33", "position 2", "the depth must be a whole number from 3"},
      {"d4x w16 ops=ssss kernels=3333", "position 2", "the depth must be"},
      {"d99999999999 w16 ops=s kernels=3", "position 2", "the depth must be"},
      {"d4 w0 ops=ssss kernels=3333", "position 5", "the width must be a whole number from 1"},
      {"d4 w-2 ops=ssss kernels=3333", "position 5", "the width must be"},
      {"d4 w1.5 ops=ssss kernels=3333", "position 5", "the width must be"},
      {"d4 w200000 ops=ssss kernels=3333", "position 5", "the width must be"},
      {"d4 w16 ops=sss kernels=3333", "position 12", "3 operations for a depth of 4"},
      {"d4 w16 ops= kernels=3333", "position 12", "0 operations for a depth of 4"},
      {"d4 w16 ops=ssss kernels=33333", "position 25", "5 kernels for a depth of 4"},
      {"d4 w16 ops=ssss kernels=3343", "position 27", "a kernel is an odd digit"},
      {"d4 w16 ops=ssss kernels=333x", "position 28", "a kernel is an odd digit"},
  };
  for (const Case& c : cases) {
    const auto message = message_of<std::invalid_argument>([&] { parse_architecture(c.text); });
    EXPECT_THAT(message, HasSubstr("architecture '" + std::string(c.text) + "', " + c.position +
                                   ": " + c.reason));
    EXPECT_THAT(message, HasSubstr("the form is 'd4 w16 ops=sscs kernels=3353'"));
  }
}

TEST(Architecture, NoTextCrashesTheParser) {
  const std::string good = "d4 w16 ops=sscs kernels=3353";
  Random random(3);
  for (int i = 0; i < 5000; ++i) {
    std::string text = good.substr(0, static_cast<std::size_t>(random.below(29)));
    for (int n = random.below(4); n > 0 && !text.empty(); --n)
      text[static_cast<std::size_t>(random.below(static_cast<int>(text.size())))] =
          static_cast<char>(random.below(256));
    try {
      EXPECT_EQ(to_string(parse_architecture(to_string(parse_architecture(text)))),
                to_string(parse_architecture(text)));
    } catch (const std::invalid_argument&) {
    }
  }
}

// The largest architecture that has a text can be counted without overflow.
TEST(Architecture, LimitsOfTheTextKeepCountsIn64Bits) {
  const auto most = [](int limit) {
    return !message_of([&] {
              parse_architecture("d3 w" + std::to_string(limit) + " ops=ccc kernels=777");
            }).empty();
  };
  int limit = 1;
  while (!most(limit * 10)) limit *= 10;
  TrgSpace space;
  space.problem = {{3, 224, 224}, 1000};
  EXPECT_GT(space.macs(Architecture(limit, limit, {'c', 7})), 0);
}

}  // namespace
}  // namespace nascent
