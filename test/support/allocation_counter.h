// Calls of operator new since the program began: to prove that a path allocates nothing. A program
// that links allocation_counter.cc counts; sanitizers keep their own operators beneath.
#pragma once

#include <cstddef>

namespace tandem::test_support {

std::size_t allocations();

}  // namespace tandem::test_support
