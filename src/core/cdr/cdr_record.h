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
#include <vector>

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

// The bytes of records, one after the other; its memory is used again.
class RecordList {
 public:
  struct Entry {
    std::int64_t flow_no;
    std::string_view bytes;  // until the list changes
  };

  void add(const Cdr& cdr);
  void clear();
  std::size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  Entry operator[](std::size_t i) const;
  // All of them, as they were added.
  std::vector<Cdr> parsed() const;

 private:
  struct End {
    std::int64_t flow_no;
    std::size_t offset;  // behind its last byte
  };
  std::string bytes_;
  std::vector<End> ends_;
};

}  // namespace tandem::cdr
