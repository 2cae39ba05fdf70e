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
