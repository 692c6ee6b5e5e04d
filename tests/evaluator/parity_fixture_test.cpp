#include "nascent/evaluator/parity_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "../support/support.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;

nlohmann::json sound() {
  return {{"in_channels", 1},
          {"classes", 10},
          {"width", 9},
          {"depth", 3},
          {"ops", {"sep_conv", "conv", "sep_conv"}},
          {"kernels", {3, 7, 5}},
          {"epochs", 2},
          {"steps_per_epoch", 3},
          {"batch", 64},
          {"lr", .025},
          {"momentum", .9},
          {"weight_decay", 3e-4},
          {"grad_clip", 5.0},
          {"parameters", 100}};
}

std::string complaint(const nlohmann::json& json) {
  return message_of<DataError>([&] { parse_parity_architecture(json.dump(), "arch.json"); });
}

TEST(ParityArchitecture, ReadsWhatArchJsonSays) {
  const ParityArchitecture arch = parse_parity_architecture(sound().dump(), "arch.json");
  EXPECT_EQ(to_string(arch.architecture), "d3 w9 ops=scs kernels=375");
  EXPECT_EQ(arch.steps_per_epoch, 3);
  EXPECT_EQ(arch.learning_rate, .025);
  EXPECT_EQ(arch.describe(28, 28).problem.image, (Shape{1, 28, 28}));
}

TEST(ParityArchitecture, NamesTheFieldThatIsMissingOrWrong) {
  const nlohmann::json all = sound();
  for (const auto& [key, value] : all.items()) {
    nlohmann::json json = sound();
    json.erase(key);
    EXPECT_THAT(complaint(json), HasSubstr("arch.json has no '" + key + "'"));
    json[key] = "text";
    EXPECT_NE(complaint(json), "") << key;
  }
  nlohmann::json json = sound();
  json["kernels"][1] = 4;
  EXPECT_THAT(complaint(json), HasSubstr("not 3, 5 or 7 in layer 1"));
  json = sound();
  json["ops"][2] = "pool";
  EXPECT_THAT(complaint(json), HasSubstr("neither sep_conv nor conv in layer 2"));
  json = sound();
  json["depth"] = 4;
  EXPECT_THAT(complaint(json), HasSubstr("for each of its layers"));
  json = sound();
  json["epochs"] = 1.5;
  EXPECT_THAT(complaint(json), HasSubstr("'epochs' that is not whole"));
  EXPECT_THAT(message_of<DataError>([] { parse_parity_architecture("[1", "arch.json"); }),
              HasSubstr("is not a JSON object"));
}

}  // namespace
}  // namespace nascent
