#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "nascent/meta/type_table.hpp"
#include "nascent/operation/operation_policy.hpp"
#include "nascent/space/variable/variable_policy.hpp"

namespace nascent {

namespace detail {

template <class... Types>
consteval bool letters_differ() {
  if constexpr ((requirement::has_letter<Types> && ...))
    return meta::all_different(std::array<char, sizeof...(Types)>{Types::letter...});
  return true;  // what lacks a letter is told so elsewhere
}

}  // namespace detail

/// Operation of a layer (paper symbol O), named by its letter. The first is where a search starts.
/// Any OperationPolicy may stand in the list; which one a layer has is decided at run time through
/// one table.
template <class... Types>
struct Operations {
  static_assert(sizeof...(Types) > 0,
                "nascent: Operations needs at least one type, e.g. Operations<SeparableConv>");
  static_assert((detail::explain_operation<Types>() && ...));

  static constexpr std::string_view name = "operation";

  /// What an operation offers, at run time.
  struct Entry {
    char letter;            ///< in the text of an architecture
    std::string_view name;  ///< in reports
    /// Appends its layers.
    void (*describe)(NetworkBuilder&, LayerTarget);
  };
  /// In the order in which they were listed.
  static constexpr std::array<Entry, sizeof...(Types)> table =
      meta::table_of<Types...>([]<class Operation>() {
        return Entry{
            Operation::letter, Operation::name,
            [](NetworkBuilder& net, LayerTarget target) { Operation::describe(net, target); }};
      });
  static_assert(detail::letters_differ<Types...>(),
                "nascent: two of your Operations have the same letter");

  static constexpr int count() { return static_cast<int>(table.size()); }
  static constexpr char value(int index) { return table[static_cast<std::size_t>(index)].letter; }
  static constexpr bool contains(char letter) { return ((letter == Types::letter) || ...); }

  /// The operation of a letter, or null.
  static constexpr const Entry* find(char letter) {
    for (const Entry& entry : table)
      if (entry.letter == letter) return &entry;
    return nullptr;
  }

  /// For error messages: each letter with its name.
  static std::string listed() {
    std::string text;
    for (const Entry& entry : table)
      text += (text.empty() ? "'" : ", '") + std::string(1, entry.letter) + "' (" +
              std::string(entry.name) + ")";
    return text;
  }
};

}  // namespace nascent
