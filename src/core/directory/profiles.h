// Profiles: sets of parameter values that fit a way of use, applied as one change. One table; each
// value can be changed afterwards.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace tandem::directory {

// The parameters that a profile has a value for, in the order of the values.
inline constexpr std::array<std::string_view, 4> kProfileParameters{
    "SS_SIP_SESSION_TTL",
    "SS_SIP_SESSION_UPDATE_SEGMENT",
    "SS_SIP_NO_TIMER_REINVITE_INTERVAL",
    "SS_SIP_NAT_KEEP_ALIVE_PERIOD",
};

struct ProfileRow {
  std::string_view name;   // "call-centre"
  std::string_view title;  // "Call centre"
  std::string_view help;   // for whom it is
  // In the form of a canonical value; "" leaves the parameter as it is.
  std::array<std::string_view, kProfileParameters.size()> values;
};

std::span<const ProfileRow> all_profiles();

// By name or title, upper or lower case; nullptr when there is none.
const ProfileRow* find_profile(std::string_view name_or_title);

}  // namespace tandem::directory
