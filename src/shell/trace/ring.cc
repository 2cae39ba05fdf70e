#include "shell/trace/ring.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace tandem::trace {

// What stands before the bytes of each entry.
struct alignas(kCacheLine) Ring::Head {
  std::uint64_t sequence;
  UtcTime time;
  std::uint64_t call;
  sip::Path path;
  std::uint32_t size;
  bool sent;
};

namespace {

constexpr std::size_t whole_lines(std::size_t size) { return (size + kCacheLine - 1) / kCacheLine * kCacheLine; }

// Copies past the caches: what is traced is seldom read, and is not to push out what calls need. In
// whole lines; what stands behind the text in the last one is of no meaning. In order with other
// stores only after settle().
void stream_line(char* to, const char* from) {
#if defined(__x86_64__)
  const auto* source = reinterpret_cast<const __m128i*>(from);
  auto* line = reinterpret_cast<__m128i*>(to);
  static_assert(kCacheLine == 4 * sizeof *line);
  _mm_stream_si128(line, _mm_loadu_si128(source));
  _mm_stream_si128(line + 1, _mm_loadu_si128(source + 1));
  _mm_stream_si128(line + 2, _mm_loadu_si128(source + 2));
  _mm_stream_si128(line + 3, _mm_loadu_si128(source + 3));
#else
  std::memcpy(to, from, kCacheLine);
#endif
}
void stream(char* to, std::string_view text) {
  const char* from = text.data();
  std::size_t left = text.size();
  for (; left >= kCacheLine; left -= kCacheLine, from += kCacheLine, to += kCacheLine) stream_line(to, from);
  if (left == 0) return;
  alignas(kCacheLine) char last[kCacheLine];
  std::memcpy(last, from, left);
  stream_line(to, last);
}
void settle() {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

// Fresh memory comes from the kernel at once: page by page, as it is written, takes three times as long.
void populate(void* begin, std::size_t size) {
  constexpr std::uintptr_t kPage = 4096;
  const auto first = (reinterpret_cast<std::uintptr_t>(begin) + kPage - 1) / kPage * kPage;
  const auto end = (reinterpret_cast<std::uintptr_t>(begin) + size) / kPage * kPage;
#ifdef MADV_POPULATE_WRITE
  // An older kernel knows no such thing, which costs nothing but time.
  if (first < end) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_POPULATE_WRITE);
#endif
}

}  // namespace

void Ring::resize(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  publish();
  const std::size_t wanted = (bytes + kBlock - 1) / kBlock;
  // With a single block nothing would be left each time it is begun again.
  const std::size_t count = wanted == 1 ? 2 : wanted;
  if (count == blocks_.size()) return;
  blocks_ = std::vector<Block>(count);
  current_ = 0;
  filled_ = 0;
}

void Ring::begin_block(std::size_t number) {
  const std::lock_guard lock(mutex_);
  publish();
  const std::uint64_t newest = sequence_.load(std::memory_order_relaxed);
  blocks_[current_].last = newest;
  current_ = number;
  Block& block = blocks_[number];
  if (!block.lines) {
    block.lines = std::make_unique_for_overwrite<Line[]>(kBlock / kCacheLine);
    populate(block.lines.get(), kBlock);
  }
  block.used.store(0, std::memory_order_relaxed);
  block.first = newest + 1;
  filled_ = 0;
}

void Ring::publish() {
  if (blocks_.empty() || !blocks_[current_].lines) return;
  settle();
  blocks_[current_].used.store(filled_, std::memory_order_release);
  sequence_.store(added_, std::memory_order_release);
}

void Ring::add(const Traced& message) {
  static_assert(std::is_trivially_copyable_v<Head> && sizeof(Head) == kCacheLine);
  if (blocks_.empty()) return;
  const std::size_t size = sizeof(Head) + whole_lines(message.bytes.size());
  if (size > kBlock) return;
  if (!blocks_[current_].lines) begin_block(current_);
  if (filled_ + size > kBlock) begin_block((current_ + 1) % blocks_.size());
  const Head head{.sequence = ++added_,
                  .time = message.time,
                  .call = message.call,
                  .path = message.path,
                  .size = static_cast<std::uint32_t>(message.bytes.size()),
                  .sent = message.sent};
  char* to = blocks_[current_].lines[filled_ / kCacheLine].bytes;
  stream_line(to, reinterpret_cast<const char*>(&head));
  stream(to + sizeof head, message.bytes);
  filled_ += size;
}

std::uint64_t Ring::newest() const { return sequence_.load(std::memory_order_acquire); }

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
      // Before what is used of the current block, which then holds that entry.
      const std::uint64_t newest = sequence_.load(std::memory_order_acquire);
      // The block with the oldest entry that is still wanted.
      const Block* next = nullptr;
      for (const Block& block : blocks_) {
        const std::uint64_t last = &block == &blocks_[current_] ? newest : block.last;
        if (block.first == 0 || block.first > last || last <= after) continue;
        if (next == nullptr || block.first < next->first) next = &block;
      }
      if (next == nullptr) return;
      used = next->used.load(std::memory_order_acquire);
      std::memcpy(copy.get(), next->lines.get(), used);
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
      at += whole_lines(head.size);
    }
  }
}

}  // namespace tandem::trace
