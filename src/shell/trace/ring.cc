#include "shell/trace/ring.h"

#include <cstring>

namespace tandem::trace {

// What stands before the bytes of each entry.
struct Ring::Head {
  std::uint64_t sequence;
  UtcTime time;
  std::uint64_t call;
  sip::Path path;
  std::uint32_t size;
  bool sent;
};

void Ring::resize(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  const std::size_t wanted = (bytes + kBlock - 1) / kBlock;
  // With a single block nothing would be left each time it is begun again.
  const std::size_t count = wanted == 1 ? 2 : wanted;
  if (count == blocks_.size()) return;
  blocks_ = std::vector<Block>(count);
  current_ = 0;
}

void Ring::add(const Traced& message) {
  static_assert(std::is_trivially_copyable_v<Head>);
  if (blocks_.empty()) return;
  const std::size_t size = sizeof(Head) + message.bytes.size();
  const std::lock_guard lock(mutex_);
  if (size > kBlock) return;
  if (blocks_[current_].used + size > kBlock) {
    current_ = (current_ + 1) % blocks_.size();
    blocks_[current_].used = 0;
    blocks_[current_].first = 0;
  }
  Block& block = blocks_[current_];
  if (!block.bytes) block.bytes = std::make_unique_for_overwrite<char[]>(kBlock);
  const Head head{.sequence = ++sequence_,
                  .time = message.time,
                  .call = message.call,
                  .path = message.path,
                  .size = static_cast<std::uint32_t>(message.bytes.size()),
                  .sent = message.sent};
  char* to = block.bytes.get() + block.used;
  std::memcpy(to, &head, sizeof head);
  std::memcpy(to + sizeof head, message.bytes.data(), message.bytes.size());
  block.used += size;
  if (block.first == 0) block.first = head.sequence;
  block.last = head.sequence;
}

std::uint64_t Ring::newest() const {
  const std::lock_guard lock(mutex_);
  return sequence_;
}

bool Ring::off() const {
  const std::lock_guard lock(mutex_);
  return blocks_.empty();
}

void Ring::read(std::uint64_t after, const Visitor& visit) const {
  const auto copy = std::make_unique_for_overwrite<char[]>(kBlock);
  for (;;) {
    std::size_t used = 0;
    {
      const std::lock_guard lock(mutex_);
      // The block with the oldest entry that is still wanted.
      const Block* next = nullptr;
      for (const Block& block : blocks_) {
        if (block.first == 0 || block.last <= after) continue;
        if (next == nullptr || block.first < next->first) next = &block;
      }
      if (next == nullptr) return;
      used = next->used;
      std::memcpy(copy.get(), next->bytes.get(), used);
    }
    for (std::size_t at = 0; at < used;) {
      Head head;
      std::memcpy(&head, copy.get() + at, sizeof head);
      at += sizeof head;
      if (head.sequence > after) {
        const Traced traced{
            head.time, head.call, head.sent, head.path, {copy.get() + at, head.size}};
        if (!visit(head.sequence, traced)) return;
        after = head.sequence;
      }
      at += head.size;
    }
  }
}

}  // namespace tandem::trace
