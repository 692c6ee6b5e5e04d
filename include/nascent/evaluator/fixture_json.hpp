#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/read_text.hpp"

namespace nascent {

/// One JSON object of a fixture; DataError names the file, the place in it and what is wrong there.
class FixtureJson {
 public:
  /// Reads an object from text; `name` stands in the complaints.
  static FixtureJson parse(std::string_view text, std::string name) {
    return FixtureJson(nlohmann::json::parse(text, nullptr, false), std::move(name));
  }

  /// Reads a file.
  static FixtureJson read(const std::filesystem::path& path) {
    return parse(read_text(path), path.string());
  }

  /// Throws DataError with the name of the file and `what` is wrong in it.
  [[noreturn]] void fail(const std::string& what) const {
    throw DataError(name_ + " " + what + "; give a fixture as its README describes");
  }

  /// The value of a key that must be there.
  const nlohmann::json& at(const std::string& key) const {
    const auto found = json_.find(key);
    if (found == json_.end()) fail("has no '" + key + "'");
    return *found;
  }

  /// A finite number.
  double number(const std::string& key) const {
    const nlohmann::json& value = at(key);
    if (!is_finite(value)) fail("has a '" + key + "' that is no number");
    return value.get<double>();
  }

  /// A number from `least` to `most`.
  double number(const std::string& key, double least, double most) const {
    const double value = number(key);
    if (!(value >= least && value <= most))
      fail("has a '" + key + "' that is not from " + short_text(least) + " to " + short_text(most));
    return value;
  }

  /// A whole number from `least` to `most`.
  int count(const std::string& key, int least, int most) const {
    const double value = number(key, least, most);
    if (value != static_cast<int>(value)) fail("has a '" + key + "' that is not whole");
    return static_cast<int>(value);
  }

  /// A text.
  std::string text(const std::string& key) const {
    const nlohmann::json& value = at(key);
    if (!value.is_string()) fail("has a '" + key + "' that is no text");
    return value.get<std::string>();
  }

  /// A list with at least one number.
  std::vector<double> numbers(const std::string& key) const {
    const nlohmann::json& list = at(key);
    if (!list.is_array() || list.empty() || !std::ranges::all_of(list, is_finite))
      fail("has a '" + key + "' that is no list of numbers");
    return list.get<std::vector<double>>();
  }

  /// A list of objects.
  std::vector<FixtureJson> objects(const std::string& key) const {
    const nlohmann::json& list = at(key);
    if (!list.is_array()) fail("has a '" + key + "' that is no list");
    std::vector<FixtureJson> objects;
    for (const nlohmann::json& value : list)
      objects.push_back(
          FixtureJson(value, name_ + ", '" + key + "' " + std::to_string(objects.size())));
    return objects;
  }

 private:
  FixtureJson(nlohmann::json json, std::string name)
      : name_(std::move(name)), json_(std::move(json)) {
    if (!json_.is_object()) fail("is not a JSON object");
  }

  static bool is_finite(const nlohmann::json& value) {
    return value.is_number() && std::isfinite(value.get<double>());
  }

  static std::string short_text(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
  }

  std::string name_;
  nlohmann::json json_;
};

}  // namespace nascent
