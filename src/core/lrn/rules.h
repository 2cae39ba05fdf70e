// What a looked-up number means for a call: which number candidates are searched with, and which is
// billed (the table of call-handling.md 5). What is sent stays the number that was called.
#pragma once

#include <string>
#include <string_view>

#include "core/lrn/answer.h"

namespace tandem::lrn {

struct Terms {
  std::size_t eat = 0;            // characters in front that are not asked for
  std::size_t query_length = 10;  // digits asked for, from the right
  bool reject_failures = true;
  bool route_by_lrn = true;
  std::string_view interstate = {};    // prefixes of the billed number
  std::string_view undetermined = {};
};

// The part of a number that is asked for.
std::string_view query_of(std::string_view number, const Terms& terms);

struct Called {
  std::string_view routed;  // after the dial plans
  std::string_view billed;  // the same without a routing prefix
};

struct Verdict {
  bool refused = false;
  std::string searched = {};        // "" = the number that was called
  std::string billed = {};
  std::string routing_number = {};  // for rn of those it is sent to; "" = it is not ported
  bool checked = false;             // npdi: it was found out
  std::string_view told = {};       // for who wants to know why
};

Verdict decide(const Terms& terms, const Called& called, const Answer& callee,
               const Answer& caller);

}  // namespace tandem::lrn
