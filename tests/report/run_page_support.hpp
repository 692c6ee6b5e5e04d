// A run directory of a quick search, for the tests of its page.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "nascent/report/run_page.hpp"
#include "nascent/run.hpp"

namespace nascent::testing {

/// Best at 12 layers and 30 channels; a formula with learning curves. What has a plain convolution
/// in its second layer fails with words that would be markup.
struct QuickEvaluator {
  static constexpr const char* kFailure =
      "no <b>memory</b></script><script>alert(1)</script> & \"more\"";
  bool fails = true;

  Outcome evaluate(const Trial<Architecture>& trial) const {
    const Architecture& net = trial.architecture();
    if (fails && net.layers[1].operation == 'c') return Outcome::failed(kFailure);
    const double percent = 90 - std::abs(net.depth() - 12) - 0.2 * std::abs(net.width - 30) +
                           0.1 * net.layers[0].kernel - 4.0 / trial.fidelity.epochs;
    const auto correct = static_cast<std::int64_t>(percent * 100);
    Outcome outcome({correct, 10'000}, {correct + 7, 10'000}, trial.fidelity.epochs, 0.5);
    for (int epoch = 1; epoch <= trial.fidelity.epochs; ++epoch)
      outcome.curve.push_back(
          static_cast<std::int32_t>(correct - 40 * (trial.fidelity.epochs - epoch)));
    return outcome;
  }

  std::string caveat() const { return "made up"; }
};

using QuickSearch = Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>;

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

/// A folder of its own.
class RunPageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "nascent-page-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    run_ = folder_ / "first";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  template <class... Extras>
  Found<SepConvSpace> search(const SearchOptions& options, Extras&&... extras) const {
    QuickSearch quick;
    Journal journal(run_);
    RunPage page(quick, run_);
    return quick.run(QuickEvaluator{}, options, journal, page, extras...);
  }

  /// Random search at equal cost, in its place.
  void search_at_random(std::int64_t epochs) const {
    Search<RandomStrategy, DynamicEpochRanker, SepConvSpace> random;
    random.run(QuickEvaluator{}, {.seed = 1, .max_epochs = epochs},
               Journal(run_ / "random-search"));
  }

  std::string page_text() const { return text_of(run_ / "report.html"); }

  std::filesystem::path folder_, run_;
};

}  // namespace nascent::testing
