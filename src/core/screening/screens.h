// Screens that stand in files of their own. Each is a row of kScreens (screening.cc).
#pragma once

#include "core/screening/screening.h"

namespace tandem::screening {

using Verdict = std::optional<cause::EndReason>;

// Whether one of SS_EMERGENCY_NUMBERS is called: rates and limits of this side, the checks on numbers and
// the account do not hold such a call up.
bool is_emergency(const Screening& screening);
// Step 9: the numbers as they were received, against the rules of the gateway.
Verdict number_checks(Screening& screening);
// Step 11: the dial plans of the source, caller first, and its proportional prefix (call-handling.md 3.1,
// 3.5).
Verdict dial_plans(Screening& screening);

}  // namespace tandem::screening
