// What a search variable must offer.
#pragma once

#include <concepts>
#include <string_view>
#include <type_traits>

namespace nascent {
namespace requirement {

template <class V>
concept variable_has_name = requires {
  { V::name } -> std::convertible_to<std::string_view>;
};

template <class V>
concept variable_counts = requires(const V& v) {
  { v.count() } -> std::convertible_to<int>;
};

template <class V>
concept variable_has_values = requires(const V& v) {
  v.value(0);
  requires !std::is_void_v<decltype(v.value(0))>;
};

}  // namespace requirement

/// A variable is a named, finite, ordered list of values.
///
/// Minimal complete definition: `static constexpr std::string_view name`, `int count() const`,
/// `value(int index) const` for 0 .. count-1; the first value is where a search starts.
/// Models: Depth, Width, Operations, Kernels; yours go into a JointSpace.
/// See docs/concepts.md#variable.
template <class V>
concept VariablePolicy = requirement::variable_has_name<V> && requirement::variable_counts<V> &&
    requirement::variable_has_values<V>;

namespace detail {

template <class V>
consteval bool explain_variable() {
  static_assert(requirement::variable_has_name<V>,
                "nascent: your Variable needs `static constexpr std::string_view name` - "
                "docs/concepts.md#variable");
  static_assert(requirement::variable_counts<V>,
                "nascent: your Variable needs `int count() const`, the number of its values - "
                "docs/concepts.md#variable");
  static_assert(requirement::variable_has_values<V>,
                "nascent: your Variable needs `value(int index) const` - "
                "docs/concepts.md#variable");
  return true;
}

}  // namespace detail
}  // namespace nascent
