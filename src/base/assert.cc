#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace tandem {

void assertion_failed(const char* expression, const char* file, int line,
                      const char* detail) noexcept {
  std::fprintf(stderr, "assertion failed: %s (%s) at %s:%d\n", expression, detail, file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace tandem
