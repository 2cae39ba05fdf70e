// TANDEM_ASSERT: for our own bugs only (style: three kinds of error). On in every build; prints the
// expression, the place and a detail, then aborts. Input from outside never reaches an assertion.
#pragma once

namespace tandem {

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line,
                                   const char* detail) noexcept;

}  // namespace tandem

#define TANDEM_ASSERT(condition, detail)                                            \
  (static_cast<bool>(condition)                                                     \
       ? void(0)                                                                    \
       : ::tandem::assertion_failed(#condition, __FILE__, __LINE__, detail))
