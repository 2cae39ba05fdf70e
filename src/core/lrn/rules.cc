#include "core/lrn/rules.h"

namespace tandem::lrn {
namespace {

// `number` with the routing number in the place of what was asked for: "a1" stays in front when
// "2125550123" of "a12125550123" leads to "2125550199".
std::string in_place(std::string_view number, std::string_view query, std::string_view lrn) {
  if (lrn.size() > query.size() || !number.ends_with(query)) return std::string(lrn);
  std::string full(number.substr(0, number.size() - query.size()));
  return full.append(lrn);
}

std::string with_prefix(std::string_view prefix, std::string number) {
  return std::string(prefix) + number;
}

}  // namespace

std::string_view query_of(std::string_view number, const Terms& terms) {
  number.remove_prefix(std::min(terms.eat, number.size()));
  if (number.size() > terms.query_length) {
    number.remove_prefix(number.size() - terms.query_length);
  }
  return number;
}

Verdict decide(const Terms& terms, const Called& called, const Answer& callee,
               const Answer& caller) {
  Verdict verdict;
  verdict.billed = called.billed;
  if (callee.outcome == Outcome::Failed || callee.outcome == Outcome::Unknown) {
    verdict.refused = terms.reject_failures;
    verdict.billed = with_prefix(terms.undetermined, std::move(verdict.billed));
    verdict.told = callee.outcome == Outcome::Failed ? "no answer" : "there is no such number";
    return verdict;
  }
  verdict.checked = true;
  verdict.told = "not ported";
  const std::string_view query = query_of(called.routed, terms);
  const std::string full = in_place(called.routed, query, callee.lrn);
  const bool ported = callee.outcome == Outcome::Ported && full != called.routed;
  if (ported) {
    verdict.told = "ported";
    verdict.routing_number = full;
    if (terms.route_by_lrn) verdict.searched = full;
    verdict.billed = in_place(called.billed, query, callee.lrn);
  }
  if (callee.state.empty() || caller.state.empty()) {
    verdict.billed = with_prefix(terms.undetermined, std::move(verdict.billed));
  } else if (callee.state != caller.state) {
    verdict.billed = with_prefix(terms.interstate, std::move(verdict.billed));
  }
  return verdict;
}

}  // namespace tandem::lrn
