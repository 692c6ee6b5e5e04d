#pragma once

#include "nascent/space/variable/variable_policy.hpp"

namespace nascent {
namespace detail {

/// Each argument is what its place asks for, and a variable.
template <class D, class W, class O, class K>
consteval bool explain_chain() {
  constexpr bool depth = requires(const D& v) { v.min + v.max; };
  constexpr bool width = requires(const W& v) { v.min + v.max + v.step; };
  constexpr bool operations = requires { O::find('s')->describe; };
  constexpr bool kernels = requires { K::listed(); }
  &&!requires { K::table; };
  static_assert(depth,
                "nascent: argument 1 of ChainSpace is the depth and needs `int min, max`; the "
                "order is Depth, Width, Operations, Kernels - docs/concepts.md#variable");
  static_assert(width,
                "nascent: argument 2 of ChainSpace is the width and needs `int min, max, step`; "
                "the order is Depth, Width, Operations, Kernels - docs/concepts.md#variable");
  static_assert(operations,
                "nascent: argument 3 of ChainSpace is `Operations<...>` around your operations; "
                "the order is Depth, Width, Operations, Kernels - docs/concepts.md#operation");
  static_assert(kernels,
                "nascent: argument 4 of ChainSpace is `Kernels<...>` around the sizes; the order "
                "is Depth, Width, Operations, Kernels - docs/concepts.md#variable");
  if constexpr (depth) explain_variable<D>();
  if constexpr (width) explain_variable<W>();
  if constexpr (operations) explain_variable<O>();
  if constexpr (kernels) explain_variable<K>();
  return true;
}

}  // namespace detail

}  // namespace nascent
