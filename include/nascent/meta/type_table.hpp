// Turns lists of types into tables of values; Boost.Hana lives in this folder and nowhere else.
#pragma once

#include <array>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>
#include <boost/hana/unpack.hpp>
#include <cstddef>
#include <type_traits>

namespace nascent::meta {

/// One entry for each of `Types`, made by `make.template operator()<Type>()`. What was a list of
/// types at compile time is one array at run time: a choice costs one look-up, not one template.
template <class... Types, class Make>
constexpr auto table_of(Make make) {
  return boost::hana::unpack(boost::hana::tuple_t<Types...>, [make](auto... types) {
    return std::array{make.template operator()<typename decltype(types)::type>()...};
  });
}

/// True when no two of `values` are equal.
template <class T, std::size_t N>
consteval bool all_different(const std::array<T, N>& values) {
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (values[i] == values[j]) return false;
  return true;
}

}  // namespace nascent::meta
