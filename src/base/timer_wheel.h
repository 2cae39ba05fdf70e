// Deadlines of very many owners: a hierarchical wheel of one-millisecond slots. Arming, cancelling
// and firing cost the same at ten and at a million timers; equal instants fire in the order they
// were armed. The wheel says who is due; it calls nobody.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/time.h"

namespace tandem {

// Names one armed timer; a stale id (fired, cancelled) is ignored everywhere.
struct TimerId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  // 0 = none
  explicit operator bool() const { return generation != 0; }
  friend bool operator==(const TimerId&, const TimerId&) = default;
  template <class Archive>
  void fields(Archive& archive) {
    archive(slot, generation);
  }
};

class TimerWheel {
 public:
  struct Fired {
    TimerId timer;             // stale from now on
    std::uint64_t owner = 0;   // as given to arm()
    Instant due{};             // when it was due
  };

  // An instant that has passed counts as the latest instant pop_due() was asked for: it fires at
  // once, after what is already due. `owner` is whatever finds the owner again, such as a kind and
  // a slot id in one word.
  TimerId arm(Instant due, std::uint64_t owner);
  // Moves an armed timer to another instant, behind those already armed for it; the id stays valid.
  // False, and nothing is done, when the id is stale.
  bool rearm(TimerId id, Instant due);
  void cancel(TimerId id);

  // Takes the next timer due at or before `now`, earliest first. One at a time, so that the caller
  // bounds how much it does at once. False when there is none, or when the wheel has turned as much
  // as one call may (so that a hundred thousand timers of one second hold up nobody): then
  // next_deadline() <= now.
  bool pop_due(Instant now, Fired& fired);
  // When to call pop_due() again: never later than the earliest timer, possibly earlier (the wheel
  // has to turn, and does so when called then); kNever when nothing is armed.
  Instant next_deadline() const;
  std::size_t size() const { return size_; }

  template <class Archive>
  void save(Archive& archive) const {
    archive(now_, free_, heads_, std::uint64_t(used_), std::uint64_t(size_));
    for (std::uint32_t i = 0; i < used_; ++i) archive(node(i));
  }
  template <class Archive>
  void load(Archive& archive) {
    *this = TimerWheel();
    std::uint64_t used = 0;
    std::uint64_t size = 0;
    archive(now_, free_, heads_, used, size);
    if (!archive.expect(used, Node::kSavedSize)) used = 0;
    for (std::uint64_t i = 0; i < used && !archive.failed(); ++i) {
      add_node();
      archive(node(std::uint32_t(i)));
    }
    size_ = std::size_t(size);
    if (!archive.failed() && !rebuild()) archive.fail();
    if (archive.failed()) *this = TimerWheel();
  }

 private:
  static constexpr std::size_t kLevels = 11;  // of 6 bits each: every instant has its place
  static constexpr std::uint32_t kSlots = 64;
  static constexpr std::uint32_t kNone = 0xffffffff;
  static constexpr std::uint16_t kFree = 0xffff;
  static constexpr std::uint32_t kChunk = 4096;

  struct Node {
    static constexpr std::size_t kSavedSize = 30;
    std::int64_t due = 0;  // ms
    std::uint64_t owner = 0;
    std::uint32_t generation = 1;
    std::uint32_t next = kNone;
    std::uint32_t previous = kNone;
    std::uint16_t list = kFree;
    template <class Archive>
    void fields(Archive& archive) {
      archive(due, owner, generation, next, previous, list);
    }
  };
  struct Head {
    std::uint32_t first = kNone;
    std::uint32_t last = kNone;
    template <class Archive>
    void fields(Archive& archive) {
      archive(first, last);
    }
  };
  struct Turn {
    std::int64_t at = INT64_MAX;
    std::size_t level = 0;
  };

  Node& node(std::uint32_t index) { return chunks_[index / kChunk][index % kChunk]; }
  const Node& node(std::uint32_t index) const { return chunks_[index / kChunk][index % kChunk]; }
  void add_node();
  bool armed(TimerId id) const;
  void place(std::uint32_t index);
  void append(std::uint32_t index, std::uint16_t list);
  void unlink(std::uint32_t index);
  void release(std::uint32_t index);
  void spread(std::size_t level, int& moves);
  Turn next_turn() const;
  bool rebuild();

  std::vector<std::unique_ptr<Node[]>> chunks_;  // grows without moving what is there
  std::uint32_t used_ = 0;
  std::uint32_t free_ = kNone;
  std::array<Head, kLevels * kSlots> heads_;
  std::array<std::uint64_t, kLevels> occupied_{};  // bit = slot has timers
  std::int64_t now_ = 0;  // the wheel stands here: everything earlier has fired
  std::size_t size_ = 0;
  std::size_t spreading_ = 0;  // level whose slot at now_ is not emptied yet; 0 = none
};

}  // namespace tandem
