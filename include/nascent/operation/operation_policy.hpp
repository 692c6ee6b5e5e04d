// What an operation of a searched layer must offer.
#pragma once

#include <concepts>
#include <string_view>

#include "nascent/operation/network_builder.hpp"

namespace nascent {

/// What a space asks of the operation at one searched layer.
struct LayerTarget {
  int channels = 0;  ///< out
  int kernel = 3;    ///< side of its window, odd
  int stride = 1;    ///< 1, or 2 where the map is halved
};

namespace requirement {

template <class O>
concept has_letter = requires {
  { O::letter } -> std::convertible_to<char>;
};

template <class O>
concept has_name = requires {
  { O::name } -> std::convertible_to<std::string_view>;
};

template <class O>
concept describes_itself = requires(NetworkBuilder& net, LayerTarget target) {
  O::describe(net, target);
};

}  // namespace requirement

/// An operation is one way to compute a searched layer.
///
/// Minimal complete definition: `static constexpr char letter` (unique in its list; used in the
/// text form), `static constexpr std::string_view name`, and
/// `static void describe(NetworkBuilder&, LayerTarget)`, which writes its primitive layers and
/// leaves a map of `target.channels` channels, reduced by `target.stride`.
/// Models: SeparableConv, Conv. See docs/concepts.md#operation.
template <class O>
concept OperationPolicy =
    requirement::has_letter<O> && requirement::has_name<O> && requirement::describes_itself<O>;

namespace detail {

template <class O>
consteval bool explain_operation() {
  static_assert(requirement::has_letter<O>,
                "nascent: your Operation needs `static constexpr char letter` - "
                "docs/concepts.md#operation");
  static_assert(requirement::has_name<O>,
                "nascent: your Operation needs `static constexpr std::string_view name` - "
                "docs/concepts.md#operation");
  static_assert(requirement::describes_itself<O>,
                "nascent: your Operation needs `static void describe(NetworkBuilder& net, "
                "LayerTarget target)` - docs/concepts.md#operation");
  return true;
}

}  // namespace detail
}  // namespace nascent
