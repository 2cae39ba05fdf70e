// Which egress gateways serve a number, by their prefixes (call-handling.md §6): for many millions of
// prefixes, of which a change of the configuration touches few. Most stand in a base that the
// Directories share; gateways that changed since it was made are left out of it and stand in a second,
// small table. When that has grown, a new base is made, on a thread of its own if one likes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <span>
#include <vector>

#include "core/directory/entities.h"

namespace tandem::directory {

// Where egress candidates matched: routing tries longer prefixes first.
struct PrefixMatch {
  std::uint16_t length;                   // of the matching prefix
  std::span<const std::uint32_t> egress;  // indices into egress_gateways(), ascending
};

// The answer, longest prefix first; each gateway stands at its longest one only.
class PrefixMatches {
 public:
  PrefixMatches() : memory_(room_.data(), room_.size()), gateways_(&memory_), ends_(&memory_) {}
  PrefixMatches(const PrefixMatches&) = delete;
  PrefixMatches& operator=(const PrefixMatches&) = delete;

  std::size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  std::size_t gateways() const { return gateways_.size(); }  // in all of them
  PrefixMatch operator[](std::size_t i) const {  // requires i < size()
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1].end;
    return {ends_[i].length, std::span(gateways_).subspan(begin, ends_[i].end - begin)};
  }

 private:
  friend class PrefixIndex;
  struct End {
    std::uint16_t length;
    std::size_t end;  // in gateways_
  };
  std::array<std::byte, 2048> room_;  // enough for most: no allocation
  std::pmr::monotonic_buffer_resource memory_;
  std::pmr::vector<std::uint32_t> gateways_;
  std::pmr::vector<End> ends_;
};

class PrefixIndex {
 public:
  // The prefixes of some gateways, by their ids and lists: good for every Directory in which gateways
  // still have them.
  struct Table;
  using Base = std::shared_ptr<const Table>;

  static Base make_base(std::span<const EgressGateway> gateways);

  // With a base of before, if there is one; with none, or one that fits little of it, it makes one.
  PrefixIndex(std::span<const EgressGateway> gateways, Base base);
  PrefixIndex() = default;  // finds nothing

  void find(std::string_view number, PrefixMatches& matches) const;

  const Base& base() const { return base_.table; }
  // So much has changed since the base that it is time for a new one.
  bool is_worn() const { return worn_; }

 private:
  static constexpr std::uint32_t kGone = 0xffffffff;
  struct Layer {
    Base table;
    std::vector<std::uint32_t> positions;  // of the gateways of the table, now; kGone = not by it
  };

  using Seen = std::array<std::uint64_t, 16>;  // a bit for each position, modulo
  void take(const Layer& layer, std::span<const std::uint32_t> slots, PrefixMatches& matches,
            Seen& seen) const;

  Layer base_;
  Layer newer_;
  bool worn_ = false;
};

}  // namespace tandem::directory
