#include "shell/doctor/symptoms.h"

#include <algorithm>
#include <array>

#include "shell/doctor/looks.h"

namespace tandem::doctor {
namespace {

constexpr std::array<Symptom, 9> kSymptoms{{
    {"drops_after_30_seconds", "Calls drop after about 30 seconds",
     "end reason ack_timeout, the lengths of answered calls, private addresses behind public ones",
     look_for_early_drops},
    {"drops_at_intervals", "Calls drop at regular intervals",
     "the lengths of answered calls around each refresh, session_timeout and its relatives, the "
     "answers to refreshes",
     look_for_regular_drops},
    {"interval_too_small", "422 Session Interval Too Small",
     "422 sent and received, with the values asked for and wanted", look_for_small_intervals},
    {"no_calls_after_idle", "No incoming calls after idle time",
     "calls that ended because a peer did not answer at all, registered contacts that are offline",
     look_for_unreachable},
    {"glare", "491 on re-INVITE", "491 both ways, and whether it was tried again", look_for_glare},
    {"calls_without_timer", "Zombie calls",
     "answered legs that negotiated no session timer, by gateway", look_for_calls_without_timer},
    {"no_session_timers", "Timer errors in the trace",
     "peers whose Supported does not list `timer`", look_for_ignorant_peers},
    {"reinvite_refused", "re-INVITE refused",
     "405, 488 and 501 on re-INVITE and UPDATE, and the Allow of the peer",
     look_for_refused_reinvites},
    {"keep_alive", "Keep-alive not working", "message and cycle of the keep-alive, its overruns",
     look_at_keep_alive},
}};

// A peak is marked when it is one.
std::string mark_of(const Facts& facts, const Histogram& all, Span span) {
  const auto within = [span](Span peak) {
    return peak.first < span.last && peak.last > span.first;
  };
  if (within(kEarlyDrops) && all.has_peak(kEarlyDrops)) return "no ACK: NAT or ALG";
  for (std::int64_t k = 1; k <= 12; ++k) {
    const Span at_once = regular_drop_at_once(facts.settings, k);
    const Span silent = regular_drop_after_silence(facts.settings, k);
    const std::string which = "refresh " + std::to_string(k);
    if (within(at_once) && all.has_peak(at_once)) return which + " refused";
    if (within(silent) && all.has_peak(silent)) return which + " not answered";
  }
  return {};
}

}  // namespace

std::string_view to_text(Weight weight) { return weight == Weight::Problem ? "problem" : "note"; }

std::span<const Symptom> all_symptoms() { return kSymptoms; }

std::vector<Finding> examine(const Facts& facts) {
  std::vector<Finding> findings;
  for (const Symptom& symptom : kSymptoms) {
    const std::size_t before = findings.size();
    symptom.look(facts, findings);
    for (std::size_t i = before; i < findings.size(); ++i) findings[i].symptom = symptom.code;
  }
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.weight < b.weight; });
  return findings;
}

std::vector<Bar> histogram_bars(const Facts& facts) {
  Histogram all;
  for (const store::CallGroup& group : facts.calls.groups) {
    if (facts.concerns(group.caller_gateway) || facts.concerns(group.callee_gateway)) {
      all.add(group.hold, group.calls);
    }
  }
  std::vector<Bar> bars;
  std::int64_t width = 5;
  for (std::int64_t first = 0; first < Histogram::kSeconds; first += width) {
    if (first == 60) width = 30;
    if (first == 1200) width = 600;
    const Span span{first, first + width};
    const std::uint64_t calls = all.count(span);
    if (calls > 0) bars.push_back({span, calls, mark_of(facts, all, span)});
  }
  return bars;
}

}  // namespace tandem::doctor
