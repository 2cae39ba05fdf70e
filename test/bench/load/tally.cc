#include "bench/load/tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace tandem::bench {
namespace {

constexpr std::array<std::string_view, std::size_t(Fault::Count)> kNames{
    "unreadable",   "unknown_call",    "unexpected_request", "unexpected_answer", "refused",
    "wrong_branch", "wrong_call_id",   "wrong_tag",          "wrong_sequence",    "wrong_number",
    "wrong_hops",   "wrong_media",     "unhidden",           "repeated_invite",   "repeated_ack",
    "repeated_bye", "repeated_answer", "unfinished",         "not_sent",
};

}  // namespace

std::string_view name_of(Fault fault) { return kNames[std::size_t(fault)]; }

std::string Delays::json() const {
  if (values_.empty()) return "null";
  std::vector<std::uint32_t> sorted = values_;
  std::sort(sorted.begin(), sorted.end());
  const auto at = [&](std::size_t percent) { return sorted[(sorted.size() - 1) * percent / 100]; };
  return fmt::format(R"({{"p50": {}, "p99": {}, "max": {}, "n": {}}})", at(50), at(99),
                     sorted.back(), sorted.size());
}

bool Tally::clean() const {
  return std::all_of(faults.begin(), faults.end(), [](std::uint64_t n) { return n == 0; });
}

std::string Tally::json() const {
  std::string out = fmt::format(
      R"("clean": {}, "offered": {}, "answered": {}, "completed": {}, "failed": {}, )"
      R"("callee_ended": {}, "ended_by_switch": {}, "end_seconds": {:.3f}, "refreshes": {}, "received": {}, )",
      clean(), offered, answered, completed, failed, callee_ended, ended_by_switch,
      static_cast<double>(last_end - first_end) / 1e9, refreshes, received);
  const auto text = std::back_inserter(out);
  std::string_view comma;
  fmt::format_to(text, R"("faults": {{)");
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i] == 0) continue;
    fmt::format_to(text, R"({}"{}": {})", comma, kNames[i], faults[i]);
    comma = ", ";
  }
  comma = "";
  fmt::format_to(text, R"(}}, "refusals": {{)");
  for (std::size_t i = 0; i < refusals.size(); ++i) {
    if (refusals[i] == 0) continue;
    fmt::format_to(text, R"({}"{}": {})", comma, i, refusals[i]);
    comma = ", ";
  }
  fmt::format_to(text, R"(}}, "ringing_us": {}, "answer_us": {}, "goodbye_us": {})", ringing.json(),
                 answer.json(), goodbye.json());
  return out;
}

}  // namespace tandem::bench
