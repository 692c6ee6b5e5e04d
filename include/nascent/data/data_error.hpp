#pragma once

#include <stdexcept>

namespace nascent {

/// A data file that is missing, damaged or not what it should be; the text is one sentence with the
/// file, the byte position where there is one, and what to do.
struct DataError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace nascent
