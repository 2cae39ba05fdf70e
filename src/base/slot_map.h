// Live objects in stable storage, named by ids with generations: a stale id finds nothing, instead
// of something else. Objects never move; chunks of storage are kept for reuse until the map dies.
// Slots are given out last-freed-first, so that two runs with the same inputs give the same ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.h"

namespace tandem {

// Slot number and the generation of what lives in it. Generation 0 is never given out: a
// default-made id names nothing.
template <class Tag>
struct SlotId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;

  std::uint64_t packed() const { return std::uint64_t(slot) << 32 | generation; }
  static SlotId unpack(std::uint64_t word) {
    return {std::uint32_t(word >> 32), std::uint32_t(word)};
  }
  explicit operator bool() const { return generation != 0; }
  friend bool operator==(const SlotId&, const SlotId&) = default;

  template <class Archive>
  void fields(Archive& archive) {
    archive(slot, generation);
  }
};

template <class T, class Id>
class SlotMap {
 public:
  SlotMap() = default;
  SlotMap(SlotMap&&) noexcept = default;
  SlotMap& operator=(SlotMap&&) noexcept = default;

  template <class... Args>
  Id insert(Args&&... args) {
    std::uint32_t number = free_;
    if (number == kNone) {
      TANDEM_ASSERT(used_ < kNone, "a table without a limit has run out of slot numbers");
      number = std::uint32_t(used_++);
      if (number % kChunk == 0) chunks_.push_back(std::make_unique<Slot[]>(kChunk));
    } else {
      free_ = at(number).next_free;
    }
    Slot& slot = at(number);
    slot.value.emplace(std::forward<Args>(args)...);
    ++size_;
    return {number, slot.generation};
  }

  // Puts a value where one with this id was in an earlier life of the map; nullptr when the slot is
  // taken or the id cannot be. Before anything else is inserted, and then link_free_slots().
  template <class... Args>
  T* insert_at(Id id, Args&&... args) {
    if (id.generation == 0 || id.slot >= kMaxPlaced) return nullptr;
    while (used_ <= id.slot) {
      if (used_ % kChunk == 0) chunks_.push_back(std::make_unique<Slot[]>(kChunk));
      ++used_;
    }
    Slot& slot = at(id.slot);
    if (slot.value) return nullptr;
    slot.generation = id.generation;
    slot.value.emplace(std::forward<Args>(args)...);
    ++size_;
    return &*slot.value;
  }
  // After the last insert_at(): the slots between are there to be given out, lowest first.
  void link_free_slots() {
    free_ = kNone;
    for (std::size_t i = used_; i-- > 0;) {
      Slot& slot = at(std::uint32_t(i));
      if (slot.value) continue;
      slot.next_free = free_;
      free_ = std::uint32_t(i);
    }
  }

  T* find(Id id) {
    return const_cast<T*>(std::as_const(*this).find(id));
  }
  const T* find(Id id) const {
    if (id.slot >= used_) return nullptr;
    const Slot& slot = at(id.slot);
    if (slot.generation != id.generation || !slot.value) return nullptr;
    return &*slot.value;
  }

  bool erase(Id id) {
    if (find(id) == nullptr) return false;
    Slot& slot = at(id.slot);
    slot.value.reset();
    if (++slot.generation == 0) slot.generation = 1;
    slot.next_free = free_;
    free_ = id.slot;
    --size_;
    return true;
  }

  // Has the slot fetched that will be asked for soon; it must have been in use once.
  void prefetch(std::uint32_t slot) const {
    constexpr std::size_t kLine = 64;
    const char* const begin = reinterpret_cast<const char*>(&at(slot));
    for (std::size_t line = 0; line < sizeof(Slot); line += kLine) __builtin_prefetch(begin + line);
  }

  // The id of what lives in that slot; it must be in use.
  Id id_of(std::uint32_t slot) const { return {slot, at(slot).generation}; }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // In slot order. `visit(id, value)` may erase the value it is shown, and insert others.
  template <class Visit>
  void for_each(Visit&& visit) {
    for (std::uint32_t i = 0; i < used_; ++i) {
      Slot& slot = at(i);
      if (slot.value) visit(Id{i, slot.generation}, *slot.value);
    }
  }
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::uint32_t i = 0; i < used_; ++i) {
      const Slot& slot = at(i);
      if (slot.value) visit(Id{i, slot.generation}, *slot.value);
    }
  }

  template <class Archive>
  void save(Archive& archive) const {
    archive(std::uint64_t(used_), free_);
    for (std::uint32_t i = 0; i < used_; ++i) {
      const Slot& slot = at(i);
      archive(slot.generation, slot.next_free, slot.value);
    }
  }
  template <class Archive>
  void load(Archive& archive) {
    *this = SlotMap();
    std::uint64_t used = 0;
    archive(used, free_);
    // Each slot takes at least nine bytes: a damaged count cannot ask for more than there is.
    if (used >= kNone) archive.fail();
    if (!archive.expect(used, 9)) used = 0;
    for (std::uint64_t i = 0; i < used && !archive.failed(); ++i) {
      if (i % kChunk == 0) chunks_.push_back(std::make_unique<Slot[]>(kChunk));
      ++used_;
      Slot& slot = at(std::uint32_t(i));
      archive(slot.generation, slot.next_free, slot.value);
      if (slot.value) ++size_;
      if (slot.generation == 0) archive.fail();
    }
    if (!archive.failed() && !free_list_is_sound()) archive.fail();
    if (archive.failed()) *this = SlotMap();
  }

 private:
  static constexpr std::uint32_t kChunk = 256;
  static constexpr std::uint32_t kNone = 0xffffffff;
  static constexpr std::uint32_t kMaxPlaced = 1u << 24;  // an id of another life cannot ask for more
  struct Slot {
    std::uint32_t generation = 1;
    std::uint32_t next_free = kNone;
    std::optional<T> value;
  };

  // After a restore: the free list holds each empty slot once and nothing else.
  bool free_list_is_sound() const {
    std::size_t empty = 0;
    for (std::uint32_t number = free_; number != kNone; number = at(number).next_free) {
      if (number >= used_ || at(number).value || ++empty > used_) return false;
    }
    return empty == used_ - size_;
  }

  Slot& at(std::uint32_t number) { return chunks_[number / kChunk][number % kChunk]; }
  const Slot& at(std::uint32_t number) const { return chunks_[number / kChunk][number % kChunk]; }

  std::vector<std::unique_ptr<Slot[]>> chunks_;
  std::size_t used_ = 0;  // slots ever given out
  std::size_t size_ = 0;
  std::uint32_t free_ = kNone;
};

}  // namespace tandem
