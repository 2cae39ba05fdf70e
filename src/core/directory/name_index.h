// From a name to the position of who bears it: open addressing over positions only, because very many
// phones are looked up by what strangers send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tandem::directory {

class NameIndex {
 public:
  // `entities` keep their places; their names are unique.
  template <class Entities>
  void build(const Entities& entities) {
    std::size_t places = 16;
    while (places < entities.size() * 2) places *= 2;
    positions_.assign(places, kNone);
    for (std::size_t i = 0; i < entities.size(); ++i) {
      std::size_t at = hash(entities[i].name) & (places - 1);
      while (positions_[at] != kNone) at = (at + 1) & (places - 1);
      positions_[at] = std::uint32_t(i);
    }
  }

  // Have what find() of that name will read fetched: first the place, some time after it the entity.
  void prefetch_place(std::string_view name) const {
    if (!positions_.empty()) __builtin_prefetch(&positions_[hash(name) & (positions_.size() - 1)]);
  }
  // The entity that stands at the place of the name: most often the one that bears it.
  template <class Entities>
  auto likely(const Entities& entities, std::string_view name) const -> decltype(&entities[0]) {
    if (entities.empty()) return nullptr;
    const std::uint32_t position = positions_[hash(name) & (positions_.size() - 1)];
    return position == kNone ? nullptr : &entities[position];
  }

  // nullptr when nobody bears the name.
  template <class Entities>
  auto find(const Entities& entities, std::string_view name) const -> decltype(&entities[0]) {
    if (entities.empty()) return nullptr;
    std::size_t at = hash(name) & (positions_.size() - 1);
    for (; positions_[at] != kNone; at = (at + 1) & (positions_.size() - 1)) {
      if (entities[positions_[at]].name == name) return &entities[positions_[at]];
    }
    return nullptr;
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  // FNV-1a: the names in the table are the operator's, so nobody can make them collide.
  static std::size_t hash(std::string_view name) {
    std::uint64_t sum = 1469598103934665603u;
    for (const char c : name) sum = (sum ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return std::size_t(sum ^ sum >> 32);
  }

  std::vector<std::uint32_t> positions_;
};

}  // namespace tandem::directory
