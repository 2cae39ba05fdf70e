// One step of a decision as it is told to a person: the same function that decides writes these
// lines when asked (architecture.md §7).
#pragma once

#include <string>
#include <vector>

namespace tandem::facts {

struct DecisionLine {
  std::string step;     // "source", "caller", "callee", "candidate", ...
  std::string subject;  // gateway or number concerned
  std::string outcome;  // "accepted", "rejected", "matched 44 (2 digits)", ...
  std::string reason;   // end reason code when rejected, else ""
};

using DecisionTrace = std::vector<DecisionLine>;

inline void tell(DecisionTrace* trace, std::string step, std::string subject, std::string outcome,
                 std::string reason = {}) {
  if (trace == nullptr) return;
  trace->push_back(
      {std::move(step), std::move(subject), std::move(outcome), std::move(reason)});
}

}  // namespace tandem::facts
