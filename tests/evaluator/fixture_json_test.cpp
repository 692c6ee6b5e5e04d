#include "nascent/evaluator/fixture_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "../support/support.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;

FixtureJson sound() {
  return FixtureJson::parse(
      R"({"rate": 0.5, "count": 3, "name": "x", "first": [1, 2.5], "steps": [{"lr": 1}, {}]})",
      "expected.json");
}

std::string complaint(const std::function<void(const FixtureJson&)>& use) {
  return message_of<DataError>([&] { use(sound()); });
}

TEST(FixtureJson, GivesWhatTheFileSays) {
  const FixtureJson json = sound();
  EXPECT_EQ(json.number("rate"), .5);
  EXPECT_EQ(json.count("count", 0, 3), 3);
  EXPECT_EQ(json.text("name"), "x");
  EXPECT_EQ(json.numbers("first"), (std::vector{1, 2.5}));
  ASSERT_EQ(json.objects("steps").size(), 2U);
  EXPECT_EQ(json.objects("steps")[0].number("lr", 0, 1), 1);
}

TEST(FixtureJson, NamesFileAndPlaceOfWhatIsMissingOrWrong) {
  using Json = const FixtureJson&;
  EXPECT_THAT(complaint([](Json json) { json.objects("steps")[1].number("lr"); }),
              HasSubstr("expected.json, 'steps' 1 has no 'lr'; give a fixture"));
  EXPECT_THAT(complaint([](Json json) { json.number("rate", 1, 2); }),
              HasSubstr("expected.json has a 'rate' that is not from 1 to 2"));
  EXPECT_THAT(complaint([](Json json) { json.count("rate", 0, 1); }), HasSubstr("not whole"));
  EXPECT_THAT(complaint([](Json json) { json.number("name"); }), HasSubstr("no number"));
  EXPECT_THAT(complaint([](Json json) { json.text("rate"); }), HasSubstr("no text"));
  EXPECT_THAT(complaint([](Json json) { json.numbers("steps"); }), HasSubstr("list of numbers"));
  EXPECT_THAT(complaint([](Json json) { json.objects("first"); }),
              HasSubstr("'first' 0 is not a JSON object"));
}

TEST(FixtureJson, RefusesNumbersThatAreNotFinite) {
  for (const char* text : {R"({"x": NaN})", R"({"x": 1e999})", R"({"x": Infinity})"})
    EXPECT_THAT(message_of<DataError>([&] { FixtureJson::parse(text, "expected.json"); }),
                HasSubstr("expected.json is not a JSON object"));
}

}  // namespace
}  // namespace nascent
