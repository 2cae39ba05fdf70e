// Dial plans (call-handling.md 3): rules that rewrite a number, as an operator writes them. A plan is
// checked and compiled once; applying it costs by the length of the number, not by the rules.
//
//   86:,861:0          the longest beginning that fits counts; the rest of the number is appended
//   1*5:9*9            * takes any characters; in the target it stands for what it took
//   025E10:86025       only numbers of 10 digits (L less than, E equal, G greater than, F not)
//   900:100;200;1-9    one of the targets is drawn; a-b draws a number of the range
//   123:$$9?           $ keeps the digit at its place, ? is a random digit
//   999:!reject        refuses the call
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/rng.h"

namespace tandem::number {

inline constexpr std::size_t kMaxPlanLength = 65'535;

// What is wrong with a plan, or odd about it, and where; lines and columns count from 1.
struct PlanRemark {
  std::size_t line = 1;
  std::size_t column = 1;
  std::string reason;  // a sentence without a full stop

  std::string text() const;  // "line 1, column 5: ..."
  friend bool operator==(const PlanRemark&, const PlanRemark&) = default;
};

struct CompiledPlan;

// A value that is cheap to copy. Blanks and line breaks may stand between rules and their parts.
class DialPlan {
 public:
  enum class Outcome : std::uint8_t {
    Unchanged,  // no rule fits
    Rewritten,
    Rejected,  // by !reject
    TooLong,   // the result is no number any more (kMaxNumberLength)
  };
  struct Applied {
    Outcome outcome;
    std::string_view rule;  // the rule that fits, as it is written; valid while the plan lives
  };

  static Result<DialPlan, PlanRemark> compile(std::string_view text);

  DialPlan() = default;  // changes nothing

  bool empty() const { return plan_ == nullptr; }
  std::string_view text() const;  // as it was given
  std::size_t rules() const;
  // Rules that never have their turn, because an earlier one has the same original.
  std::span<const PlanRemark> warnings() const;

  // Draws from `rng` only when the rule that fits has something to draw. `to` gets the new number; the
  // number itself when no rule fits, and nothing when the outcome is Rejected or TooLong.
  Applied apply(std::string_view number, Rng& rng, std::string& to) const;

  friend bool operator==(const DialPlan& a, const DialPlan& b) { return a.text() == b.text(); }

 private:
  std::shared_ptr<const CompiledPlan> plan_;  // nullptr = empty
};

}  // namespace tandem::number
