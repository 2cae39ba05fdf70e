// Cleaning of dialled numbers on arrival: what is taken out of a SIP user part or an H.323 alias
// before rules, routing and CDRs see it. Percent-decoding and cutting off parameters is the
// caller's work (they belong to the URI).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tandem::number {

inline constexpr std::size_t kMaxNumberLength = 64;

enum class Plus : std::uint8_t { Keep, Strip };       // a leading +
enum class Letters : std::uint8_t { Refuse, Allow };  // A-Z a-z # * + besides digits

struct CleaningRules {
  std::string_view strip_chars;  // removed wherever they stand; blanks and tabs always are
  Plus plus = Plus::Strip;
  Letters letters = Letters::Allow;
};

// Both end a call with number_invalid.
enum class NumberFault : std::uint8_t { InvalidCharacter, TooLong };

// The number without the stripped characters and, by policy, without its leading +. An empty result
// is no fault: for a caller it means anonymous, for a callee the call ends with callee_empty. A
// leading + that is kept is valid also where letters are refused. Linear in raw.size().
Result<std::string, NumberFault> clean(std::string_view raw, const CleaningRules& rules);

// True when every character may stand in a number under this policy.
bool is_number(std::string_view text, Letters letters);

}  // namespace tandem::number
