// Options of policies as text, for headers of journals and for reports.
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nascent {

/// Names and values, in the order in which the policies list them.
using OptionList = std::vector<std::pair<std::string, std::string>>;

namespace detail {

struct IgnoreField {
  template <class Value>
  void operator()(std::string_view, const Value&) const {}
};

template <class Policy>
concept lists_options = requires(const Policy& policy) {
  policy.options(IgnoreField{});
};

template <class Value>
std::string option_text(const Value& value) {
  if constexpr (std::is_same_v<Value, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_arithmetic_v<Value>) {
    char text[32];
    return std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
  } else {
    return std::string(std::string_view(value));
  }
}

}  // namespace detail

/// Appends what `policy` lists by `options(field)`, named `prefix.name`; nested policies nest.
template <class Policy>
void append_options(OptionList& list, const std::string& prefix, const Policy& policy) {
  if constexpr (detail::lists_options<Policy>)
    policy.options([&](std::string_view name, const auto& value) {
      const std::string full = prefix + "." + std::string(name);
      if constexpr (detail::lists_options<std::remove_cvref_t<decltype(value)>>)
        append_options(list, full, value);
      else
        list.emplace_back(full, detail::option_text(value));
    });
}

}  // namespace nascent
