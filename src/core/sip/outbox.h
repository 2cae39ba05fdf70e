// Messages on their way out: one arena that the exchange writes into and the shell sends from, in
// order. Cleared each round; in steady state nothing is allocated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "core/sip/path.h"

namespace tandem::sip {

class Outbox {
 public:
  struct Datagram {
    Path path;
    std::uint64_t call = 0;  // flow number of the call it belongs to, for the trace; 0 = none
    std::string_view bytes;  // valid until clear()
  };

  // Room for one message of at most `size` bytes; valid until the next reserve().
  char* reserve(std::size_t size) {
    TANDEM_ASSERT(size <= kBlock, "one message larger than a block of the outbox");
    if (used_ + size > kBlock || blocks_.empty()) next_block();
    return blocks_[block_ - 1].get() + used_;
  }
  // Queues the first `size` bytes of the room reserved last.
  void commit(const Path& path, std::size_t size, std::uint64_t call = 0) {
    datagrams_.push_back({path, call, {blocks_[block_ - 1].get() + used_, size}});
    used_ += size;
  }
  void send(const Path& path, std::string_view bytes, std::uint64_t call = 0) {
    std::memcpy(reserve(bytes.size()), bytes.data(), bytes.size());
    commit(path, bytes.size(), call);
  }

  // The same bytes to many: written once by keep(), sent as often as wanted until clear().
  std::string_view keep(std::string_view bytes) {
    char* room = reserve(bytes.size());
    std::memcpy(room, bytes.data(), bytes.size());
    used_ += bytes.size();
    return {room, bytes.size()};
  }
  void send_kept(const Path& path, std::string_view kept) { datagrams_.push_back({path, 0, kept}); }

  const std::vector<Datagram>& datagrams() const { return datagrams_; }
  bool empty() const { return datagrams_.empty(); }
  void clear() {
    datagrams_.clear();
    block_ = blocks_.empty() ? 0 : 1;
    used_ = 0;
  }

 private:
  static constexpr std::size_t kBlock = 512 * 1024;

  void next_block() {
    if (block_ == blocks_.size()) blocks_.push_back(std::make_unique_for_overwrite<char[]>(kBlock));
    ++block_;
    used_ = 0;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t block_ = 0;  // blocks in use; the last one is being filled
  std::size_t used_ = 0;
  std::vector<Datagram> datagrams_;
};

}  // namespace tandem::sip
