// A number shared with a forked process, for tests that kill one.
#pragma once

#include <sys/mman.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace tandem::test_support {

struct SharedCount {
  std::atomic<long>* value;

  SharedCount() {
    void* memory =
        ::mmap(nullptr, sizeof *value, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    value = new (memory) std::atomic<long>(0);
  }
  ~SharedCount() { ::munmap(value, sizeof *value); }
  SharedCount(const SharedCount&) = delete;
  SharedCount& operator=(const SharedCount&) = delete;
};

}  // namespace tandem::test_support
