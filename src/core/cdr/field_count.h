// Counts the members of a plain struct at compile time, so that a table of rows can prove that it
// describes every member. Works for aggregates without base classes and without array members.
#pragma once

#include <cstddef>
#include <utility>

namespace tandem::cdr {

// Stands for a value of any type; never evaluated.
struct AnyMember {
  template <class T>
  operator T() const;
};

template <class T, std::size_t... I>
constexpr bool takes_initializers(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), AnyMember{})...}; };
}

template <class T, std::size_t Count = 0>
constexpr std::size_t field_count() {
  if constexpr (takes_initializers<T>(std::make_index_sequence<Count + 1>{}))
    return field_count<T, Count + 1>();
  else
    return Count;
}

}  // namespace tandem::cdr
