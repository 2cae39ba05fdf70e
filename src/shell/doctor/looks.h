// The functions behind the rows of the symptoms, one .cc per subject.
#pragma once

#include "shell/doctor/symptoms.h"

namespace tandem::doctor {

// drop_times.cc
void look_for_early_drops(const Facts& facts, std::vector<Finding>& findings);
void look_for_regular_drops(const Facts& facts, std::vector<Finding>& findings);
// Where k refreshes after the answer calls end when the refresh fails; k from 1.
Span regular_drop_at_once(const Settings& settings, std::int64_t k);
Span regular_drop_after_silence(const Settings& settings, std::int64_t k);
inline constexpr Span kEarlyDrops{30, 36};

// session_timers.cc
void look_for_small_intervals(const Facts& facts, std::vector<Finding>& findings);
void look_for_glare(const Facts& facts, std::vector<Finding>& findings);
void look_for_calls_without_timer(const Facts& facts, std::vector<Finding>& findings);
void look_for_ignorant_peers(const Facts& facts, std::vector<Finding>& findings);
void look_for_refused_reinvites(const Facts& facts, std::vector<Finding>& findings);

// reach.cc
void look_for_unreachable(const Facts& facts, std::vector<Finding>& findings);
void look_at_keep_alive(const Facts& facts, std::vector<Finding>& findings);

}  // namespace tandem::doctor
