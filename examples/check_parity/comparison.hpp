// How far two computations are apart, quantity by quantity.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

/// The largest difference of each quantity, and how much of what is tolerated it takes.
class Comparison {
 public:
  /// A tolerance that only equal numbers keep.
  static constexpr double kExact = 1e-30;

  void number(const std::string& quantity, double got, double expected, double drift) {
    within(quantity, got, expected, 10 * drift + 1e-6 * std::max(1.0, std::abs(expected)));
  }

  void within(const std::string& quantity, double got, double expected, double tolerance) {
    const double apart = std::abs(got - expected);
    // What is not a number exceeds everything, and stays.
    const auto raise = [](double& most, double value) {
      if (!std::isnan(most) && !(value <= most)) most = value;
    };
    Line& line = lines_[quantity];
    raise(line.apart, apart);
    raise(line.share, apart == 0 ? 0 : apart / tolerance);
  }

  void count(const std::string& quantity, std::int64_t got, std::int64_t expected,
             std::int64_t slack) {
    const auto apart = std::abs(static_cast<double>(got - expected));
    Line& line = lines_[quantity];
    line.apart = std::max(line.apart, apart);
    line.share = std::max(line.share, apart <= double(slack) ? 0.0 : 2.0);
  }

  bool passed() const {
    return std::ranges::all_of(lines_, [](const auto& line) { return line.second.share <= 1; });
  }

  void print() const {
    for (const auto& [quantity, line] : lines_)
      std::printf("  %-26s %10.3g  %8.4f of the tolerance%s\n", quantity.c_str(), line.apart,
                  line.share, line.share <= 1 ? "" : "  FAILED");
  }

  nlohmann::ordered_json to_json() const {
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    for (const auto& [quantity, line] : lines_)
      json[quantity] = {{"difference", line.apart}, {"of_tolerance", line.share}};
    return json;
  }

 private:
  struct Line {
    double apart = 0, share = 0;
  };
  std::map<std::string, Line> lines_;
};
