// Architectures that the compiler checks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "nascent/space/architecture.hpp"
#include "nascent/space/chain_space.hpp"

namespace nascent {

/// A text as a template argument.
template <std::size_t N>
struct LiteralText {
  char characters[N]{};  ///< with the 0 at the end

  /// From a string literal.
  constexpr LiteralText(const char (&text)[N]) { std::copy_n(text, N, characters); }
  /// Without the 0.
  constexpr std::string_view view() const { return {characters, N - 1}; }
};

namespace detail {

enum class LiteralFault { none, form, depth, width, operations, operation, kernels, kernel };

/// The first thing by which `text` is no architecture of the space.
template <class D, class W, class O, class K>
constexpr LiteralFault literal_fault(const ChainSpace<D, W, O, K>& space, std::string_view text) {
  using Fields = ArchitectureFields;
  const Fields fields = fields_of(text);
  if (fields.fault != std::string_view::npos) return LiteralFault::form;
  const int depth = count_of(fields.value[Fields::depth]);
  if (!space.depth.contains(depth)) return LiteralFault::depth;
  const int width = count_of(fields.value[Fields::width]);
  if (width < 1 || width > space.width.max) return LiteralFault::width;
  const std::string_view operations = fields.value[Fields::operations];
  if (operations.size() != static_cast<std::size_t>(depth)) return LiteralFault::operations;
  if (!std::ranges::all_of(operations, [](char letter) { return O::contains(letter); }))
    return LiteralFault::operation;
  const std::string_view kernels = fields.value[Fields::kernels];
  if (kernels.size() != static_cast<std::size_t>(depth)) return LiteralFault::kernels;
  if (!std::ranges::all_of(kernels, [](char digit) { return K::contains(kernel_of(digit)); }))
    return LiteralFault::kernel;
  return LiteralFault::none;
}

/// The same of template arguments. On a copy of the text: under UBSan, GCC 12 finds the address of
/// a template argument's characters not constant.
template <auto space, LiteralText text>
consteval LiteralFault literal_fault() {
  const auto copy = text;
  return literal_fault(space, copy.view());
}

template <LiteralFault fault>
consteval bool explain_literal() {
  static_assert(fault != LiteralFault::form,
                "nascent: this literal is no architecture's text; its form is `d4 w16 ops=sscs "
                "kernels=3353` - docs/concepts.md#literals");
  static_assert(fault != LiteralFault::depth,
                "nascent: the depth of this literal, its d, lies outside the space's `depth.min` "
                ".. `depth.max`; change one of them - docs/concepts.md#literals");
  static_assert(fault != LiteralFault::width,
                "nascent: the width of this literal, its w, is not from 1 to the space's "
                "`width.max`; change one of them - docs/concepts.md#literals");
  static_assert(fault != LiteralFault::operations,
                "nascent: this literal needs one letter a layer after `ops=`, as many as its "
                "depth d - docs/concepts.md#literals");
  static_assert(fault != LiteralFault::operation,
                "nascent: this literal has an operation that the space does not know; take the "
                "letters of its Operations, or list yours there - docs/concepts.md#literals");
  static_assert(fault != LiteralFault::kernels,
                "nascent: this literal needs one digit a layer after `kernels=`, as many as its "
                "depth d - docs/concepts.md#literals");
  static_assert(fault != LiteralFault::kernel,
                "nascent: this literal has a kernel that the space does not know; take the sizes "
                "of its Kernels, or list yours there - docs/concepts.md#literals");
  return true;
}

}  // namespace detail

/// An architecture of a chain space, written down: `literal<tiny(), "d10 w16 ops=...
/// kernels=...">()`. What lies outside the space does not compile, and a sentence says why. The
/// space is one of constant bounds, such as `tiny()`, `mobile()`, `MySpace{}`.
template <auto space, LiteralText text>
Architecture literal() {
  if constexpr (detail::explain_literal<detail::literal_fault<space, text>()>())
    return parse_architecture(text.view());
}

}  // namespace nascent
