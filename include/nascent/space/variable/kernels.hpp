#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "nascent/meta/type_table.hpp"
#include "nascent/space/variable/variable_policy.hpp"

namespace nascent {

/// Kernel size of a layer (paper symbol K), odd, one digit in the text form. The first is where a
/// search starts.
template <int... Sizes>
struct Kernels {
  static_assert(sizeof...(Sizes) > 0, "nascent: Kernels needs at least one size, e.g. Kernels<3>");
  static_assert(((Sizes % 2 == 1 && Sizes > 0 && Sizes < 10) && ...),
                "nascent: the sizes of Kernels are odd and below 10");

  static constexpr std::string_view name = "kernel";
  /// In the order in which they were listed.
  static constexpr std::array<int, sizeof...(Sizes)> sizes{Sizes...};
  static_assert(meta::all_different(sizes), "nascent: the sizes of Kernels must differ");

  static constexpr int count() { return static_cast<int>(sizes.size()); }
  static constexpr int value(int index) { return sizes[static_cast<std::size_t>(index)]; }
  static constexpr bool contains(int size) { return ((size == Sizes) || ...); }

  /// For error messages.
  static std::string listed() {
    std::string text;
    for (const int size : sizes) text += (text.empty() ? "" : ", ") + std::to_string(size);
    return text;
  }
};

static_assert(VariablePolicy<Kernels<3, 5>>);

}  // namespace nascent
