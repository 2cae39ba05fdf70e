#include "base/timer_wheel.h"

#include <algorithm>
#include <bit>

#include "base/assert.h"

namespace tandem {
namespace {

constexpr int kBits = 6;
// Timers one pop_due() carries to lower levels at most: some ten microseconds.
constexpr int kMovesPerCall = 256;

int shift_of(std::size_t level) { return int(level) * kBits; }

std::uint32_t slot_of(std::int64_t instant, std::size_t level) {
  return std::uint32_t(instant >> shift_of(level)) & 63;
}

}  // namespace

void TimerWheel::add_node() {
  TANDEM_ASSERT(used_ < kNone, "more timers than their numbers can name");
  if (used_ % kChunk == 0) chunks_.push_back(std::make_unique<Node[]>(kChunk));
  ++used_;
}

TimerId TimerWheel::arm(Instant due, std::uint64_t owner) {
  std::uint32_t index = free_;
  if (index == kNone) {
    index = used_;
    add_node();
  } else {
    free_ = node(index).next;
  }
  Node& made = node(index);
  made.due = due.time_since_epoch().count();
  made.owner = owner;
  place(index);
  ++size_;
  return {index, made.generation};
}

bool TimerWheel::armed(TimerId id) const {
  return id.generation != 0 && id.slot < used_ && node(id.slot).generation == id.generation &&
         node(id.slot).list != kFree;
}

bool TimerWheel::rearm(TimerId id, Instant due) {
  if (!armed(id)) return false;
  unlink(id.slot);
  node(id.slot).due = due.time_since_epoch().count();
  place(id.slot);
  return true;
}

void TimerWheel::cancel(TimerId id) {
  if (!armed(id)) return;
  unlink(id.slot);
  release(id.slot);
}

// A timer belongs to the lowest level on which its instant and now_ differ only within one turn:
// all timers of one instant come down through the same slots, in the order they were armed.
void TimerWheel::place(std::uint32_t index) {
  const std::int64_t due = std::max(node(index).due, now_);
  const std::uint64_t difference = std::uint64_t(due) ^ std::uint64_t(now_);
  std::size_t level =
      difference == 0 ? 0 : std::size_t(63 - std::countl_zero(difference)) / std::size_t(kBits);
  // While a slot is being spread, its later timers must not be overtaken by new ones.
  if (level < spreading_) level = spreading_;
  const std::uint32_t slot = slot_of(due, level);
  append(index, std::uint16_t(level * kSlots + slot));
}

void TimerWheel::append(std::uint32_t index, std::uint16_t list) {
  Node& added = node(index);
  Head& head = heads_[list];
  added.list = list;
  added.next = kNone;
  added.previous = head.last;
  if (head.last == kNone) {
    head.first = index;
  } else {
    node(head.last).next = index;
  }
  head.last = index;
  occupied_[list / kSlots] |= std::uint64_t(1) << (list % kSlots);
}

void TimerWheel::unlink(std::uint32_t index) {
  const Node& gone = node(index);
  Head& head = heads_[gone.list];
  (gone.previous == kNone ? head.first : node(gone.previous).next) = gone.next;
  (gone.next == kNone ? head.last : node(gone.next).previous) = gone.previous;
  if (head.first == kNone) {
    occupied_[gone.list / kSlots] &= ~(std::uint64_t(1) << (gone.list % kSlots));
  }
}

void TimerWheel::release(std::uint32_t index) {
  Node& gone = node(index);
  if (++gone.generation == 0) gone.generation = 1;
  gone.list = kFree;
  gone.previous = kNone;
  gone.next = free_;
  free_ = index;
  --size_;
}

// The first instant at which a slot has to be emptied, and its level.
TimerWheel::Turn TimerWheel::next_turn() const {
  Turn found;
  for (std::size_t level = 0; level < kLevels; ++level) {
    if (occupied_[level] == 0) continue;
    // Slots in the order they come, starting with the one the wheel stands in.
    const std::uint64_t ahead = std::rotr(occupied_[level], int(slot_of(now_, level)));
    const std::int64_t distance = std::countr_zero(ahead);
    const int shift = shift_of(level);
    const std::int64_t start = ((now_ >> shift) + distance) << shift;
    const std::int64_t at = std::max(start, now_);
    if (at < found.at) found = {at, level};
  }
  return found;
}

// Carries the timers of the slot the wheel stands in to lower levels, as many as `moves` allows.
void TimerWheel::spread(std::size_t level, int& moves) {
  const Head& head = heads_[level * kSlots + slot_of(now_, level)];
  spreading_ = 0;
  for (; head.first != kNone && moves > 0; --moves) {
    const std::uint32_t index = head.first;
    unlink(index);
    place(index);
  }
  if (head.first != kNone) spreading_ = level;
}

bool TimerWheel::pop_due(Instant now, Fired& fired) {
  const std::int64_t limit = now.time_since_epoch().count();
  int moves = kMovesPerCall;
  while (size_ != 0) {
    const std::uint32_t first = heads_[slot_of(now_, 0)].first;
    if (now_ <= limit && first != kNone) {
      const Node& due = node(first);
      fired = {{first, due.generation}, due.owner, Instant(milliseconds(due.due))};
      unlink(first);
      release(first);
      return true;
    }
    const Turn next = next_turn();
    if (next.at > limit) break;
    if (moves == 0) return false;
    now_ = next.at;
    if (next.level != 0) spread(next.level, moves);
  }
  now_ = std::max(now_, limit);
  return false;
}

Instant TimerWheel::next_deadline() const {
  return size_ == 0 ? kNever : Instant(milliseconds(next_turn().at));
}

// After a restore: the occupancy bits follow from the lists; damaged links are refused.
bool TimerWheel::rebuild() {
  if (now_ < 0) return false;
  std::size_t linked = 0;
  for (std::size_t list = 0; list < heads_.size(); ++list) {
    std::uint32_t previous = kNone;
    for (std::uint32_t index = heads_[list].first; index != kNone; index = node(index).next) {
      if (index >= used_ || node(index).list != list || node(index).previous != previous ||
          node(index).generation == 0 || ++linked > used_) {
        return false;
      }
      previous = index;
      occupied_[list / kSlots] |= std::uint64_t(1) << (list % kSlots);
    }
    if (heads_[list].last != previous) return false;
  }
  std::size_t unused = 0;
  for (std::uint32_t index = free_; index != kNone; index = node(index).next) {
    if (index >= used_ || node(index).list != kFree || node(index).generation == 0 ||
        ++unused > used_) {
      return false;
    }
  }
  // A slot that was being spread when the wheel was saved is the one it stands in.
  for (std::size_t level = 1; level < kLevels; ++level) {
    if ((occupied_[level] >> slot_of(now_, level) & 1) != 0) spreading_ = level;
  }
  return linked == size_ && linked + unused == used_;
}

}  // namespace tandem
