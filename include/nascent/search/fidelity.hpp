// How well a candidate is measured: with its architecture and its parent, the key of a trial.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nascent {

/// What is measured of a candidate: its accuracy by training, or a zero-cost proxy of it.
enum class Measure : std::uint8_t {
  accuracy,    ///< by training
  parameters,  ///< trainable, in millions
  flops,       ///< of one image, in millions
  grad_norm,   ///< see GradNorm
  snip,        ///< see Snip
  synflow,     ///< see SynFlow
  jacob_cov,   ///< see JacobCov
  naswot,      ///< see Naswot
  l2_norm,     ///< see L2Norm
};

/// How a share of the training images is chosen.
enum class Subset : std::uint8_t {
  random,      ///< each image is as likely
  stratified,  ///< classes in proportion
  k_centre     ///< images far from each other (Sener & Savarese 2018)
};

namespace detail {

inline constexpr std::array<std::string_view, 9> kMeasures{"accuracy",  "parameters", "flops",
                                                           "grad_norm", "snip",       "synflow",
                                                           "jacob_cov", "naswot",     "l2_norm"};
inline constexpr std::array<std::string_view, 3> kSubsets{"random", "stratified", "k_centre"};

template <class Enum, std::size_t count>
std::optional<Enum> named(const std::array<std::string_view, count>& names, std::string_view name) {
  for (std::size_t i = 0; i < count; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace detail

/// As the enumerators are called, and as journals name it.
constexpr std::string_view to_string(Measure measure) {
  return detail::kMeasures[static_cast<std::size_t>(measure)];
}
/// As the enumerators are called, and as journals name it.
constexpr std::string_view to_string(Subset subset) {
  return detail::kSubsets[static_cast<std::size_t>(subset)];
}

/// How well a candidate is measured: more costs more and tells more.
struct Fidelity {
  int epochs = 0;    ///< of the training, with those that it goes on from
  int schedule = 0;  ///< epochs that the learning rate's schedule spans; 0: those of the training
  int resumed = 0;   ///< of the epochs, those that the parent trial has trained
  int repeat = 0;    ///< number of the repetition, each with seeds of its own
  double share = 1;  ///< of the training images
  Subset subset = Subset::random;       ///< how the share is chosen
  Measure measure = Measure::accuracy;  ///< for any other, nothing is trained

  /// What the trial itself costs.
  constexpr int epochs_to_train() const { return epochs - resumed; }

  /// Epochs that the schedule spans.
  constexpr int scheduled() const { return schedule > 0 ? schedule : epochs; }

  friend constexpr bool operator==(const Fidelity&, const Fidelity&) = default;
};

}  // namespace nascent
