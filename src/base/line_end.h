// Where lines end, and whether a text is visible, sixteen bytes at a time where the processor can: every
// byte of every message passes here, in lines too short for a call of memchr to be worth it.
#pragma once

#ifdef __SSE2__
#include <emmintrin.h>

#include <bit>
#endif

#include <cstddef>
#include <string_view>

namespace tandem {

// The first byte from `at` on that is one of `ends`, or `end`.
template <char... ends>
const char* find_byte(const char* at, const char* end) {
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto found = static_cast<unsigned>(
        (... | _mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(ends)))));
    if (found != 0) return at + std::countr_zero(found);
  }
#endif
  while (at != end && (... && (*at != ends))) ++at;
  return at;
}

// Like text.find(wanted), for texts of a line or less.
template <char wanted>
std::size_t find_in_line(std::string_view text) {
  const char* const end = text.data() + text.size();
  const char* const found = find_byte<wanted>(text.data(), end);
  return found == end ? text.npos : std::size_t(found - text.data());
}

// Are all of them printable ASCII and no blank: "!" to "~"?
inline bool all_visible(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
#ifdef __SSE2__
  for (; end - at >= 16; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i visible = _mm_andnot_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8(0x7f)),
                                             _mm_cmpgt_epi8(block, _mm_set1_epi8(' ')));
    if (_mm_movemask_epi8(visible) != 0xffff) return false;
  }
#endif
  while (at != end && *at > ' ' && *at < 0x7f) ++at;
  return at == end;
}

}  // namespace tandem
