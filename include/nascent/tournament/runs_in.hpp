#pragma once

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "nascent/search/journal.hpp"

namespace nascent {

/// Extra of `compare`: every run has its journal in `directory`/NAME/SEED, so that a tournament
/// that was interrupted goes on where it ended. In names all but letters and digits become '-'.
class RunsIn {
 public:
  /// Made where it is not there.
  explicit RunsIn(std::filesystem::path directory) : directory_(std::move(directory)) {}

  /// Of one search under one seed.
  Journal of_run(std::string name, std::uint64_t seed) const {
    std::ranges::replace_if(
        name, [](unsigned char c) { return !std::isalnum(c); }, '-');
    return Journal(directory_ / name / std::to_string(seed));
  }

 private:
  std::filesystem::path directory_;
};

}  // namespace nascent
