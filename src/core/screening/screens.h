// Screens that stand in files of their own. Each is a row of kScreens (screening.cc).
#pragma once

#include "core/screening/screening.h"

namespace tandem::screening {

using Verdict = std::optional<cause::EndReason>;

// Step 11: the dial plans of the source, caller first (call-handling.md 3.1).
Verdict dial_plans(Screening& screening);

}  // namespace tandem::screening
