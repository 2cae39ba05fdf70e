// Result<T, E>: a value or the reason why there is none. For bad input and bad environment; outcomes
// the protocol foresees are values of the domain instead. g++ 12 has no std::expected in C++20.
#pragma once

#include <utility>
#include <variant>

#include "base/assert.h"

namespace tandem {

template <class E>
struct Failure {
  E error;
};
template <class E>
Failure(E) -> Failure<E>;

template <class T, class E>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  template <class F>
  Result(Failure<F> failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return check(), *std::get_if<0>(&state_); }
  const T& value() const& { return check(), *std::get_if<0>(&state_); }
  T&& value() && { return check(), std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

  const E& error() const {
    TANDEM_ASSERT(!ok(), "error() of a Result that holds a value");
    return *std::get_if<1>(&state_);
  }

 private:
  void check() const { TANDEM_ASSERT(ok(), "value() of a Result that holds an error"); }
  std::variant<T, E> state_;
};

// The result of work that yields nothing but success or a reason.
struct Done {};

}  // namespace tandem
