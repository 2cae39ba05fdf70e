// Why a leg has a session timer or has none, from what passed: the rows of both tables.
#include <algorithm>
#include <array>

#include "shell/trace/sessions.h"

namespace tandem::trace {
namespace {

constexpr std::uint32_t kShortest = 32;  // seconds; below no timer is possible

constexpr std::array<TimerRule, 22> kRules{{
    {"A1", "The caller lists no `timer` and asks for no interval: no timer."},
    {"A2", "A proxy put in an interval that the caller itself does not know of: we refresh alone."},
    {"A3",
     "A proxy put in an interval below SS_SIP_SESSION_MIN_SE; the caller could not react to a "
     "422: it is used as it is, or there is no timer when it is below 32 s."},
    {"A4", "The caller can do it and asked for no interval: ours is used."},
    {"A5", "The caller asked for an interval and left open who refreshes."},
    {"A6", "The caller asked for an interval and refreshes itself: we watch the deadline."},
    {"A7", "The caller asked for an interval and wants us to refresh."},
    {"A8",
     "The interval of the caller is below SS_SIP_SESSION_MIN_SE: 422, it may call again with "
     "more."},
    {"A9", "The caller requires the timer."},
    {"A10", "The caller requires the timer and sip_timer of its gateway is off: 420."},
    {"A11", "sip_timer of its gateway is off: what the caller says of a timer is ignored."},
    {"A12", "The Session-Expires of the caller cannot be read: 400."},
    {"A13", "The Min-SE of the caller is above its own interval: Min-SE is ignored."},
    {"A14", "The caller asked for more than SS_SIP_SESSION_TTL_CEILING: lowered to it."},
    {"B1",
     "The answer has no Session-Expires: the peer has no timer. We refresh alone when its Allow "
     "lists UPDATE, else the leg has none."},
    {"B2", "The peer took the interval and refreshes itself: we watch the deadline."},
    {"B3", "The peer took the interval and we refresh."},
    {"B4", "The peer took the interval and left open who refreshes: we do."},
    {"B5", "The peer lowered the interval below SS_SIP_SESSION_MIN_SE: taken, if 32 s or more."},
    {"B6", "The peer answered with more than we asked: what we asked is used."},
    {"B7", "The peer found our interval too small (422): the call was repeated with its Min-SE."},
    {"B8", "The peer knows no `timer` (420): the call was repeated without, the leg has none."},
}};

const TimerRule* rule(std::string_view code) {
  const auto found = std::find_if(kRules.begin(), kRules.end(),
                                  [code](const TimerRule& each) { return each.code == code; });
  return found == kRules.end() ? nullptr : &*found;
}

const TimerRule* rule_of_caller(const Leg& leg, std::uint32_t min_se, std::uint32_t ceiling) {
  const TimerWords& asked = leg.offer;
  if (leg.final_status == 422) return rule("A8");
  if (asked.required && leg.final_status == 420) return rule("A10");
  if (asked.unreadable) return rule("A12");
  if (leg.answered == UtcTime{}) return nullptr;
  const bool knows = asked.supported || asked.required;
  if (!knows && !asked.interval) return rule("A1");
  if (!knows) {
    if (*asked.interval < min_se) return rule("A3");
    return rule(leg.answer.interval ? "A2" : "A11");
  }
  if (!leg.answer.interval) return rule("A11");
  if (asked.min_se && asked.interval && *asked.min_se > *asked.interval) return rule("A13");
  if (!asked.interval) return rule("A4");
  if (*asked.interval > ceiling && *leg.answer.interval < *asked.interval) return rule("A14");
  if (asked.required) return rule("A9");
  if (asked.refresher == sip::Refresher::Uac) return rule("A6");
  return rule(asked.refresher == sip::Refresher::Uas ? "A7" : "A5");
}

const TimerRule* rule_of_callee(const Leg& leg, std::uint32_t min_se) {
  if (leg.final_status == 422) return rule("B7");
  if (leg.final_status == 420) return rule("B8");
  if (leg.answered == UtcTime{}) return nullptr;
  const TimerWords& got = leg.answer;
  if (!got.interval || *got.interval < kShortest) return rule("B1");
  if (!leg.too_small.empty()) return rule("B7");
  if (*got.interval < min_se) return rule("B5");
  if (leg.offer.interval && *got.interval > *leg.offer.interval) return rule("B6");
  if (got.refresher == sip::Refresher::Uas) return rule("B2");
  return rule(got.refresher == sip::Refresher::Uac ? "B3" : "B4");
}

}  // namespace

const TimerRule* timer_rule(const Leg& leg, std::uint32_t min_se, std::uint32_t ceiling) {
  return leg.we_called ? rule_of_callee(leg, min_se) : rule_of_caller(leg, min_se, ceiling);
}

std::vector<TimerRule> all_timer_rules() { return {kRules.begin(), kRules.end()}; }

}  // namespace tandem::trace
