// Compares tensors with recorded ones, and prints a table.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <nascent/data/read_text.hpp>
#include <nascent/data/safetensors.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

/// What the program is given: tensors, and the constants of the computation that made them.
struct Recorded {
  nascent::Safetensors file;
  nlohmann::json constants;
  at::Device device = at::kCPU;  // of its tensors

  /// NAME.safetensors with NAME.json beside it, or else `otherwise`: one object, or a list in which
  /// `file` says whose it is. std::runtime_error where neither tells of the file.
  static Recorded read(const std::filesystem::path& path, const char* otherwise,
                       at::Device device) {
    Recorded recorded{nascent::Safetensors::read(path), {}, device};
    std::filesystem::path beside = path;
    beside.replace_extension(".json");
    if (!std::filesystem::exists(beside)) beside = path.parent_path() / otherwise;
    const nlohmann::json json = nlohmann::json::parse(nascent::read_text(beside), nullptr, false);
    if (json.is_object()) recorded.constants = json;
    if (json.is_array())
      for (const auto& entry : json)
        if (entry.is_object() && entry.value("file", "") == path.filename().string())
          recorded.constants = entry;
    if (!recorded.constants.is_object())
      throw std::runtime_error(beside.string() + " has no JSON object with the constants of " +
                               path.filename().string() + "; give one beside the file");
    return recorded;
  }

  at::Tensor tensor(const std::string& name) const {
    const auto& shape = file.at(name).shape;
    const auto make = [&](auto values, at::ScalarType type) {
      return at::from_blob(values.data(), shape, type).clone().to(device);
    };
    if (file.at(name).dtype == "I64") return make(file.values<std::int64_t>(name), at::kLong);
    return make(file.values<float>(name), at::kFloat);
  }
};

/// Rows of what was compared, and how many are off.
class Comparison {
 public:
  Comparison() {
    std::printf("%-44s %12s %12s %12s\n", "tensor", "largest", "difference", "allowed");
  }

  /// Within 1e-5 of the largest expected number, or within `allowed`, whichever is more.
  void compare(const std::string& name, const at::Tensor& got, const at::Tensor& expected,
               double allowed = 0) {
    const at::Tensor a = got.detach().cpu().to(at::kDouble).flatten();
    const at::Tensor b = expected.to(at::kDouble).flatten();
    if (a.numel() != b.numel())
      throw std::runtime_error("'" + name + "' has " + std::to_string(b.numel()) +
                               " numbers where " + std::to_string(a.numel()) + " are computed");
    const double largest = b.numel() > 0 ? b.abs().max().item<double>() : 0;
    const double difference = b.numel() > 0 ? (a - b).abs().max().item<double>() : 0;
    const double limit = std::max(1e-5 * largest, allowed);
    const bool good = difference <= limit;  // no number is not
    ++compared_;
    off_ += !good;
    std::printf("%-44s %12.6g %12.3g %12.3g%s\n", name.c_str(), largest, difference, limit,
                good ? "" : "  OFF");
  }

  /// 1 where something is off, or nothing was compared.
  int finish() const {
    std::printf("%d compared, %d off\n", compared_, off_);
    return compared_ > 0 && off_ == 0 ? 0 : 1;
  }

 private:
  int compared_ = 0, off_ = 0;
};

/// The number in "abs 1e-3" or "1e-5 (norms 1e-3)" behind `word`; 0 where there is none.
inline double allowance(const nlohmann::json& constants, const std::string& key,
                        const std::string& word = "") {
  const auto tolerance = constants.find("tolerance");
  if (tolerance == constants.end() || !tolerance->is_object() || !tolerance->contains(key))
    return 0;
  const auto& entry = tolerance->at(key);
  if (entry.is_number()) return entry.get<double>();
  if (!entry.is_string()) return 0;
  const std::string text = entry.get<std::string>();
  std::size_t at = word.empty() ? 0 : text.find(word);
  if (at == text.npos) return 0;
  at = text.find_first_of("0123456789", at);
  return at == text.npos ? 0 : std::strtod(text.c_str() + at, nullptr);
}
