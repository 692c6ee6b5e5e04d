// What makes one architecture better than another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "nascent/space/space_policy.hpp"

namespace nascent {

/// A quantity, by its name, and whether more of it is better.
///
/// Its value is the metric of this name that the evaluator measured; else "accuracy" is what the
/// ranker judged (percent), and "parameters" and "flops" are what the space counts.
struct Objective {
  /// Which way is better.
  enum class Direction : std::uint8_t {
    maximise,  ///< more is better
    minimise   ///< less is better
  };

  std::string name;                           ///< of the metric
  Direction direction = Direction::maximise;  ///< which way is better

  friend bool operator==(const Objective&, const Objective&) = default;
};

/// More of the metric of this name is better.
inline Objective maximise(std::string name) {
  return {std::move(name), Objective::Direction::maximise};
}
/// Less of the metric of this name is better.
inline Objective minimise(std::string name) {
  return {std::move(name), Objective::Direction::minimise};
}

/// "minimise parameters"
inline std::string to_string(const Objective& objective) {
  const bool more = objective.direction == Objective::Direction::maximise;
  return (more ? "maximise " : "minimise ") + objective.name;
}

/// For `using namespace nascent::objectives;`
namespace objectives {

inline const Objective accuracy = maximise("accuracy");      ///< percent
inline const Objective parameters = minimise("parameters");  ///< trainable ones
inline const Objective flops = minimise("flops");  ///< of one image, NetworkDescription::flops
inline const Objective latency = minimise("latency_ms");  ///< measured, of one image

}  // namespace objectives

namespace detail {

template <class P, class A>
concept can_count_parameters = counts_parameters<P, A> || describes_networks<P, A>;

/// Whether the space counts this quantity, so that it is known before any training.
template <class Space>
constexpr bool counts(std::string_view quantity) {
  using A = typename Space::Architecture;
  return (quantity == "parameters" && can_count_parameters<Space, A>) ||
         (quantity == "flops" && describes_networks<Space, A>);
}

/// What the space counts, or nothing.
template <class Space>
std::optional<double> counted(std::string_view quantity, const Space& space,
                              const typename Space::Architecture& architecture) {
  using A = typename Space::Architecture;
  if constexpr (can_count_parameters<Space, A>)
    if (quantity == "parameters") {
      if constexpr (counts_parameters<Space, A>)
        return static_cast<double>(space.parameters(architecture));
      else
        return static_cast<double>(space.describe(architecture).parameters());
    }
  if constexpr (describes_networks<Space, A>)
    if (quantity == "flops") return static_cast<double>(space.describe(architecture).flops());
  return std::nullopt;
}

/// The names of what the space counts, in words.
template <class Space>
std::string counted_names() {
  std::string names;
  for (const char* name : {"parameters", "flops"})
    if (counts<Space>(name)) names += (names.empty() ? "" : " and ") + std::string(name);
  return names.empty() ? "nothing" : names;
}

}  // namespace detail
}  // namespace nascent
