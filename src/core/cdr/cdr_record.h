// The bytes of a call detail record in the journal: compact, and readable by later versions of the
// program. Made on the signalling thread once per call, so it is not the general archive of base:
// numbers take as many bytes as they need, and the caller's buffer is used again.
//
// A record names how many members it holds. Members are only ever added at the end of fields() of
// Cdr and Attempt, never removed or moved: an older record then leaves the new ones at their
// default.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/cdr/cdr.h"

namespace tandem::cdr {

enum class RecordError : std::uint8_t {
  Malformed,     // not the bytes of a record
  NewerVersion,  // made by a later version of the program, with members unknown here
};

void append_record(std::string& out, const Cdr& cdr);
// Accepts what append_record() made; believes nothing else.
Result<Cdr, RecordError> parse_record(std::string_view bytes);

}  // namespace tandem::cdr
