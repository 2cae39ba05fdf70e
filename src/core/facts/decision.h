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

// Nothing is copied for nobody: every call passes here, few are explained.
inline void tell(DecisionTrace* trace, std::string_view step, std::string_view subject,
                 std::string_view outcome, std::string_view reason = {}) {
  if (trace == nullptr) return;
  trace->push_back({std::string(step), std::string(subject), std::string(outcome),
                    std::string(reason)});
}

}  // namespace tandem::facts
