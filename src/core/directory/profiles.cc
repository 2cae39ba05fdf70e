#include "core/directory/profiles.h"

#include "base/text.h"

namespace tandem::directory {
namespace {

// TTL, refresh divisor, limit of calls without timer, keep-alive period.
constexpr ProfileRow kProfiles[] = {
    {"wholesale",
     "Standard wholesale",
     "Carriers with public addresses: refreshed each 5 minutes, calls without timer may last",
     {"600", "2", "0", "30"}},
    {"call-centre",
     "Call centre",
     "Many long calls behind NAT: refreshed each 5 minutes, calls without timer end after 4 hours",
     {"900", "3", "14400", "20"}},
    {"mobile",
     "Mobile / unstable networks",
     "Phones that vanish: refreshed each 150 s, calls without timer end after 1 hour",
     {"300", "2", "3600", "15"}},
    {"enterprise",
     "Enterprise PBX",
     "Own sites on good lines: refreshed each 10 minutes, calls without timer end after 8 hours",
     {"1200", "2", "28800", "30"}},
    {"high-security",
     "High security",
     "Dead calls are found quickly: refreshed each 90 s, calls without timer end after 30 minutes",
     {"180", "2", "1800", "10"}},
    {"voip",
     "Standard VoIP",
     "The factory values of interval, limit and keep-alive; the refresh divisor stays as it is",
     {"600", "", "7200", "30"}},
};

}  // namespace

std::span<const ProfileRow> all_profiles() { return kProfiles; }

const ProfileRow* find_profile(std::string_view name_or_title) {
  for (const ProfileRow& row : kProfiles) {
    if (equal_ignoring_case(row.name, name_or_title)) return &row;
    if (equal_ignoring_case(row.title, name_or_title)) return &row;
  }
  return nullptr;
}

}  // namespace tandem::directory
