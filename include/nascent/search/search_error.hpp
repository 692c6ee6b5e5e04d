#pragma once

#include <stdexcept>
#include <string>

namespace nascent {

/// Ends a search with an error; unlike other exceptions of an evaluator it never becomes a failed
/// outcome.
struct SearchError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The search stopped before there was anything to return.
struct NothingJudged : SearchError {
  /// With the reason why the search stopped.
  explicit NothingJudged(const std::string& why)
      : SearchError("the search stopped before its first candidate was judged: " + why) {}
};

}  // namespace nascent
