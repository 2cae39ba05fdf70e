// SipHash (Aumasson, Bernstein): keyed hashes, for what strangers must not foresee.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace tandem {

struct SipHashKey {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

// SipHash-2-4 of the pieces one after the other; the lengths of the pieces count too, so that
// "ab","c" and "a","bc" differ.
std::uint64_t siphash(const SipHashKey& key, std::initializer_list<std::string_view> pieces);
// The same by SipHash-1-3, half the work: for tables whose keys strangers choose, so that nobody can
// make their entries collide. It is never shown.
std::uint64_t table_hash(const SipHashKey& key, std::initializer_list<std::string_view> pieces);

}  // namespace tandem
