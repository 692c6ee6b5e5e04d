// The one place of the version; CMake reads these three numbers.
#pragma once

#define NASCENT_VERSION_MAJOR 0
#define NASCENT_VERSION_MINOR 1
#define NASCENT_VERSION_PATCH 0

namespace nascent {

/// Major, minor and patch number, by semantic versioning.
struct Version {
  int major, minor, patch;  ///< numbers
};

/// Of these headers.
inline constexpr Version version{NASCENT_VERSION_MAJOR, NASCENT_VERSION_MINOR,
                                 NASCENT_VERSION_PATCH};

}  // namespace nascent
