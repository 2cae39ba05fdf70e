// The newest SIP messages, as they were on the wire: a ring of fixed size in memory. Adding costs a
// copy. Readers copy a block at a time, under a lock that the one who adds takes only to begin the
// next block: until then what is used of a block stays as it is.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "core/sip/path.h"

namespace tandem::trace {

inline constexpr std::size_t kCacheLine = 64;  // bytes

// One message, as it is put in and read.
struct Traced {
  UtcTime time{};
  std::uint64_t call = 0;  // flow number; 0 = none
  bool sent = false;       // by us
  sip::Path path;
  std::string_view bytes;
};

class Ring {
 public:
  // 0 bytes: off. The memory is taken as it fills.
  explicit Ring(std::size_t bytes) { resize(bytes); }

  // One thread. Anything that was kept is forgotten.
  void resize(std::size_t bytes);
  // The same thread. Readers see it after publish().
  void add(const Traced& message);
  // The same thread, once per round of its loop.
  void publish();

  // Any thread. Visits what is there behind the entry `after`, oldest first; entries are numbered
  // from 1, until it answers false. What is overwritten meanwhile is passed over.
  using Visitor = std::function<bool(std::uint64_t sequence, const Traced&)>;
  void read(std::uint64_t after, const Visitor& visit) const;
  // Number of the newest entry; 0 = there was none.
  std::uint64_t newest() const;
  bool off() const;

 private:
  static constexpr std::size_t kBlock = 256 * 1024;
  struct Head;
  struct alignas(kCacheLine) Line {
    char bytes[kCacheLine];
  };
  struct Block {
    std::unique_ptr<Line[]> lines;
    std::uint64_t first = 0;  // sequence of its first entry
    std::uint64_t last = 0;   // of its last entry, once another block is filled
    // Written by the one who adds, after the bytes: readers take nothing behind it.
    std::atomic<std::size_t> used{0};
  };

  void begin_block(std::size_t number);

  mutable std::mutex mutex_;  // for all but the bytes behind what is used of the current block
  std::vector<Block> blocks_;
  std::size_t current_ = 0;                  // block being filled
  std::atomic<std::uint64_t> sequence_{0};  // of the newest entry; after `used` of its block
  // Of the one who adds, what is not published with it.
  std::size_t filled_ = 0;    // of the current block
  std::uint64_t added_ = 0;
};

}  // namespace tandem::trace
