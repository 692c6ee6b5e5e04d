#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "../support/support.hpp"
#include "nascent/data/safetensors.hpp"

namespace nascent {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// A copy of a recorded fixture, to be damaged.
class Copy {
 public:
  explicit Copy(const std::string& fixture = "fmnist-sep-4x8") {
    std::filesystem::copy(NASCENT_TEST_DATA "/parity/" + fixture, scratch_ / "fixture");
  }

  std::filesystem::path file(const std::string& name) const { return scratch_ / "fixture" / name; }

  template <class Change>
  void change_json(const std::string& name, Change change) const {
    json document = json::parse(read_file(file(name)));
    change(document);
    std::ofstream(file(name)) << document.dump();
  }

  template <class Change>
  void change_tensors(const std::string& name, Change change) const {
    Safetensors tensors = Safetensors::read(file(name));
    change(tensors);
    tensors.write(file(name));
  }

  int exit_code(const std::string& options = "") const {
    const std::string command = NASCENT_PROGRAMS "/check_parity " + options + " " +
                                (scratch_ / "fixture").string() + " > " + out() + " 2> " +
                                (scratch_ / "err").string();
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  /// Exit code 2 and one line, which holds `part`.
  void expect_refusal(const std::string& part) const {
    EXPECT_EQ(exit_code(), 2) << part;
    const std::string error = read_file(scratch_ / "err");
    EXPECT_THAT(error, HasSubstr(part));
    EXPECT_EQ(error.find('\n') + 1, error.size()) << error;
  }

  std::string out() const { return (scratch_ / "out").string(); }

 private:
  Scratch scratch_;
};

int exit_code_with(const std::string& field, double value) {
  const Copy copy;
  copy.change_json("arch.json", [&](json& arch) { arch[field] = value; });
  return copy.exit_code();
}

/// What expected.json is refused for after `change`.
template <class Change>
void expect_refusal_of_expected(const std::string& part, Change change) {
  const Copy copy;
  copy.change_json("expected.json", change);
  copy.expect_refusal(part);
}

template <class Change>
void expect_refusal_of_cases(const std::string& part, Change change) {
  const Copy copy("aug-fmnist");
  copy.change_json("params.json", change);
  copy.expect_refusal(part);
}

/// The first value of a float tensor becomes something else.
void overwrite(Safetensors& tensors, const std::string& name, float value) {
  std::vector<float> values = tensors.values<float>(name);
  values.at(0) = value;
  tensors.add<float>(name, tensors.at(name).shape, values);
}

TEST(CheckParity, FailsOnARecipeThatIsNotTheRecordedOne) {
  EXPECT_EQ(exit_code_with("momentum", .9), 0);  // as recorded
  EXPECT_EQ(exit_code_with("momentum", .8), 1);
  EXPECT_EQ(exit_code_with("weight_decay", 0), 1);
  EXPECT_EQ(exit_code_with("grad_clip", 100), 1);
  EXPECT_EQ(exit_code_with("lr", .0251), 1);
}

TEST(CheckParity, RefusesAnArchitectureThatTheWeightsDoNotFit) {
  EXPECT_EQ(exit_code_with("width", 10), 2);
  EXPECT_EQ(exit_code_with("batch", -1), 2);
}

TEST(CheckParity, ComparesHowManyBatchesEachBatchNormHasSeen) {
  const auto off_by_one = [](json& expected) {
    for (json& tensor : expected["tensors"])
      if (tensor["name"] == "stem.1.num_batches_tracked")
        tensor["sum"] = tensor["sum"].get<double>() + 1;
  };
  for (const char* start : {"expected.json", "expected-warm.json"}) {
    const Copy copy;
    copy.change_json(start, off_by_one);
    EXPECT_EQ(copy.exit_code(), 1);
    EXPECT_THAT(read_file(copy.out()), HasSubstr("batches tracked"));
  }
}

TEST(CheckParity, GivesTheStrictDifferencesInChannelsLastToo) {
  const Copy copy;
  ASSERT_EQ(copy.exit_code("--layout nhwc --json"), 0);
  for (const json& start : json::parse(read_file(copy.out()))["fixtures"]) {
    EXPECT_TRUE(start["differences"].contains("loss, step 0"));
    EXPECT_TRUE(start["strict_differences"].contains("logits, evaluation"));
  }
}

TEST(CheckParity, RefusesNumbersThatDoNotBelongToTheTraining) {
  expect_refusal_of_expected("expected.json has 8 'steps' where arch.json says 9",
                             [](json& e) { e["steps"].erase(8); });
  expect_refusal_of_expected("expected.json has 10 'steps' where arch.json says 9",
                             [](json& e) { e["steps"].push_back(e["steps"][0]); });
  expect_refusal_of_expected("expected.json has 2 'epochs' where arch.json says 3",
                             [](json& e) { e["epochs"].erase(0); });
  expect_refusal_of_expected("expected.json has 4 'epochs' where arch.json says 3",
                             [](json& e) { e["epochs"].push_back(e["epochs"][0]); });
  expect_refusal_of_expected("no entry in 'tensors' for 'stem.0.weight'",
                             [](json& e) { e["tensors"].erase(0); });
  expect_refusal_of_expected("names 'stem.0.weight'",
                             [](json& e) { e["tensors"].push_back(e["tensors"][0]); });
}

TEST(CheckParity, RefusesExpectedNumbersThatAreMissingOrNone) {
  for (const std::string field : {"lr", "loss", "loss_drift", "correct_slack"})
    expect_refusal_of_expected("'steps' 4 has no '" + field + "'",
                               [&](json& e) { e["steps"][4].erase(field); });
  expect_refusal_of_expected("'steps' 4 has a 'loss' that is no number", [](json& e) {
    e["steps"][4]["loss"] = std::numeric_limits<double>::quiet_NaN();  // null in JSON
  });
  expect_refusal_of_expected("'epochs' 1 has no 'eval_loss_drift'",
                             [](json& e) { e["epochs"][1].erase("eval_loss_drift"); });
  expect_refusal_of_expected("has a 'loss_drift' that is not from 0",
                             [](json& e) { e["steps"][0]["loss_drift"] = -1e-3; });
  expect_refusal_of_expected("has a 'correct' that is not whole",
                             [](json& e) { e["steps"][0]["correct"] = 11.5; });
  expect_refusal_of_expected("'first' that is no list of numbers",
                             [](json& e) { e["tensors"][0]["first"][1] = "x"; });
  expect_refusal_of_expected("more numbers in 'first'", [](json& e) {
    e["tensors"][5]["first"] = {9, 9};
  });
  expect_refusal_of_expected("no 'sum_of_all'", [](json& e) { e.erase("sum_of_all"); });
  expect_refusal_of_expected("no 'eval_logits_drift'",
                             [](json& e) { e.erase("eval_logits_drift"); });
  const Copy python;  // writes NaN as a word of its own, which is no JSON
  std::ofstream(python.file("expected.json")) << R"({"steps": [NaN]})";
  python.expect_refusal("expected.json is not a JSON object");
}

TEST(CheckParity, RefusesDamagedTensors) {
  for (const std::string name : {"batches", "weights", "eval_logits"}) {
    const Copy truncated, missing;
    const auto file = name + ".safetensors";
    std::filesystem::resize_file(truncated.file(file), 1000);
    truncated.expect_refusal(file);
    std::filesystem::remove(missing.file(file));
    missing.expect_refusal(file + " cannot be opened");
  }
  const float nan = std::nanf("");
  const std::pair<const char*, const char*> places[] = {
      {"batches", "x"}, {"weights", "stem.0.weight"}, {"eval_logits", "eval_logits"}};
  for (const auto& [file, tensor] : places) {
    const Copy copy;
    copy.change_tensors(std::string(file) + ".safetensors",
                        [&](Safetensors& tensors) { overwrite(tensors, tensor, nan); });
    copy.expect_refusal("the tensor '" + std::string(tensor) +
                        "' holds a number that is not finite");
  }
}

TEST(CheckParity, RefusesTensorsOfAnotherShape) {
  const auto reshape = [](const std::string& name, std::vector<std::int64_t> shape) {
    return
        [=](Safetensors& tensors) { tensors.add<float>(name, shape, tensors.values<float>(name)); };
  };
  const Copy logits, images, weights, flat;
  logits.change_tensors("eval_logits.safetensors", reshape("eval_logits", {10, 100}));
  logits.expect_refusal("'eval_logits' has another shape");
  images.change_tensors("batches.safetensors", reshape("eval_x", {28, 100, 1, 28}));
  images.expect_refusal("batches.safetensors: its tensors do not have the shapes");
  weights.change_tensors("weights.safetensors", reshape("stem.0.weight", {1, 16, 3, 3}));
  weights.expect_refusal("'stem.0.weight' has another shape");
  flat.change_tensors("batches.safetensors", [](Safetensors& tensors) {
    tensors.add<std::int64_t>("eval_y", {10, 10}, tensors.values<std::int64_t>("eval_y"));
  });
  flat.expect_refusal("batches.safetensors: its tensors do not have the shapes");
}

TEST(CheckParity, RefusesLabelsOutOfRange) {
  for (const std::string name : {"y", "eval_y"})
    for (const std::int64_t label : {-1, 10}) {
      const Copy copy;
      copy.change_tensors("batches.safetensors", [&](Safetensors& tensors) {
        std::vector<std::int64_t> labels = tensors.values<std::int64_t>(name);
        labels[7] = label;
        tensors.add<std::int64_t>(name, tensors.at(name).shape, labels);
      });
      copy.expect_refusal("batches.safetensors: its tensors do not have the shapes and classes");
    }
}

TEST(CheckParity, RefusesDamagedCasesOfAnAugmentation) {
  expect_refusal_of_cases("params.json has no 'cases'", [](json& p) { p.erase("cases"); });
  expect_refusal_of_cases("params.json has no cases", [](json& p) { p["cases"] = json::array(); });
  expect_refusal_of_cases("'cropped' has another shape", [](json& p) { p["cases"].erase(3); });
  expect_refusal_of_cases("'cropped' has another shape", [](json& p) { p["size"] = 33; });
  expect_refusal_of_cases("'size' that is not from 1", [](json& p) { p["size"] = 0; });
  expect_refusal_of_cases("no list of numbers", [](json& p) { p["mean"] = json::array(); });
  expect_refusal_of_cases("a std above 0", [](json& p) { p["std"][0] = 0; });
  expect_refusal_of_cases("'cases' 2 has a 'image' that is not from 0 to 2",
                          [](json& p) { p["cases"][2]["image"] = 3; });
  expect_refusal_of_cases("'cases' 2 has a 'crop_y' that is not from 0 to 4",
                          [](json& p) { p["cases"][2]["crop_y"] = 5; });
  expect_refusal_of_cases("'cases' 2 has no 'flip'", [](json& p) { p["cases"][2].erase("flip"); });
  const Copy truncated("aug-fmnist"), nan("aug-fmnist"), shape("aug-fmnist");
  std::filesystem::resize_file(truncated.file("aug.safetensors"), 5000);
  truncated.expect_refusal("aug.safetensors");
  nan.change_tensors("aug.safetensors", [](Safetensors& t) { overwrite(t, "out", std::nanf("")); });
  nan.expect_refusal("'out' holds a number that is not finite");
  shape.change_tensors("aug.safetensors", [](Safetensors& tensors) {
    tensors.add<std::uint8_t>("raw", {3, 784}, tensors.values<std::uint8_t>("raw"));
  });
  shape.expect_refusal("'raw' does not have the shape of images");
}

TEST(CheckParity, FailsOnAnAugmentationThatIsNotTheRecordedOne) {
  const Copy flipped("aug-fmnist"), value("aug-fmnist");
  flipped.change_json("params.json", [](json& params) {
    params["cases"][0]["flip"] = 1 - params["cases"][0]["flip"].get<int>();
  });
  EXPECT_EQ(flipped.exit_code(), 1);
  value.change_tensors("aug.safetensors", [](Safetensors& t) { overwrite(t, "eval", 3); });
  EXPECT_EQ(value.exit_code(), 1);
}

}  // namespace
}  // namespace nascent
