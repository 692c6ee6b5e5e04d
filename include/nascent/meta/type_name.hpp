#pragma once

#include <string>
#include <string_view>

namespace nascent::meta {
namespace detail {

template <class T>
constexpr std::string_view spelled() {
  return __PRETTY_FUNCTION__;
}

// Where a type's name starts and what follows it, read off a type whose name is known.
inline constexpr std::size_t kBefore = spelled<int>().find("int");
inline constexpr std::size_t kAfter =
    std::string_view(spelled<int>()).size() - kBefore - std::string_view("int").size();

}  // namespace detail

/// The type's name as the compiler spells it, without `nascent::`.
template <class T>
std::string type_name() {
  constexpr std::string_view full = detail::spelled<T>();
  // g++ appends the meaning of std::string_view behind a semicolon; it has the same length for all.
  std::string name(full.substr(detail::kBefore, full.size() - detail::kBefore - detail::kAfter));
  constexpr std::string_view ours = "nascent::";
  for (std::size_t at = name.find(ours); at != std::string::npos; at = name.find(ours, at))
    name.erase(at, ours.size());
  return name;
}

}  // namespace nascent::meta
