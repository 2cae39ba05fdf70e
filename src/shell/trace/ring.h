// The newest SIP messages, as they were on the wire: a ring of fixed size in memory. Adding costs a
// copy; readers copy a block at a time, so that they never hold up the loop for long.
#pragma once

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
  // The same thread.
  void add(const Traced& message);

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
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t used = 0;
    std::uint64_t first = 0;  // sequence of its first entry; 0 = empty
    std::uint64_t last = 0;
  };

  mutable std::mutex mutex_;
  std::vector<Block> blocks_;
  std::size_t current_ = 0;     // block being filled
  std::uint64_t sequence_ = 0;  // of the newest entry
};

}  // namespace tandem::trace
