// Where lines end, found sixteen bytes at a time where the processor can: every byte of every message
// passes here, in lines too short for a call of memchr to be worth it.
#pragma once

#ifdef __SSE2__
#include <emmintrin.h>

#include <bit>
#endif

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

}  // namespace tandem
