#include "sim/sessions.h"

#include <algorithm>
#include <cstdlib>

namespace tandem::sim {
namespace {

using cause::EndReason;

// What was kept without haste may be lost in a crash when it was kept this short a time before.
constexpr milliseconds kUnkept = 1500ms;
constexpr int kShortestInterval = 32;

bool lists(const wire::Text& text, const char* header, const char* word) {
  for (const std::string& value : text.all(header)) {
    if (value.find(word) != std::string::npos) return true;
  }
  return false;
}

bool agrees(const std::string& method) { return method == "INVITE" || method == "UPDATE"; }

bool found_dead(UtcTime wall, const cdr::Cdr& record) {
  switch (record.end_reason) {
    case EndReason::SessionTimeout:
    case EndReason::GlareRetriesExhausted:
    case EndReason::NoTimerProbeFailed:
      return true;
    case EndReason::CallDoesNotExist:  // told by any request: only a refresh has a beginning
      return record.detect_time != wall;
    default:
      return false;
  }
}

// With an answer: what SS_SIP_TIMEOUT_INVITE and SS_SIP_TIMEOUT_NON_INVITE allow at least.
constexpr milliseconds kLeastPatience{1000};

std::string text_of(Instant at) { return std::to_string(at.time_since_epoch().count()) + " ms"; }

}  // namespace

void Sessions::begin(const directory::Parameters& parameters, bool lossless) {
  t1_ = parameters.sip_t1;
  t2_ = parameters.sip_t2;
  timeout_end_ = parameters.billing_session_timeout_end;
  lossless_ = lossless;
}

Sessions::Leg* Sessions::leg(const std::string& call_id) {
  const auto found = legs_.find(call_id);
  return found == legs_.end() ? nullptr : &found->second;
}

void Sessions::note_request(Leg& leg, Instant now, const wire::Text& text) {
  Request request;
  request.initial = wire::tag_in(text.get("To")).empty();
  request.timer = lists(text, "Supported", "timer") || lists(text, "Require", "timer");
  request.interval = std::atoi(text.get("Session-Expires").c_str());
  request.came = now;
  leg.requests.try_emplace(text.branch(), request);
}

void Sessions::delivered(Instant now, const wire::Text& text, int host) {
  const std::string call_id = text.get("Call-ID");
  const std::string method = text.method();
  if (text.is_request() && method == "INVITE" && wire::tag_in(text.get("To")).empty()) {
    legs_.try_emplace(call_id, Leg{wire::user_in(text.request_uri()), host});
  }
  Leg* at = leg(call_id);
  if (at == nullptr) return;
  // Who says that nobody is there does not show life, nor the next hop that says 100.
  const int status = text.status();
  if (status != 100 && status != 408 && status != 481) at->heard = now;
  if (!text.is_request()) return answered(*at, now, text, false);
  if (agrees(method)) {
    note_request(*at, now, text);
    const Request& request = at->requests[text.branch()];
    if (at->up && !request.initial && !request.settled) at->peer_asked = true;
  }
  if (method == "BYE" && at->up) ended(*at, now);
}

void Sessions::sent(Instant now, const wire::Text& text, int host) {
  const std::string call_id = text.get("Call-ID");
  const std::string method = text.method();
  const bool initial = wire::tag_in(text.get("To")).empty();
  if (text.is_request() && method == "INVITE" && initial) {
    legs_.try_emplace(call_id, Leg{wire::user_in(text.request_uri()), host});
  }
  Leg* at = leg(call_id);
  if (at == nullptr) return;
  if (!text.is_request()) return answered(*at, now, text, true);
  if (agrees(method)) note_request(*at, now, text);
  if (initial || !at->up) return;
  if (agrees(method) || method == "OPTIONS") asked_by_switch(*at, now, text);
  if (method == "BYE" && (at->tag.empty() || wire::tag_in(text.get("To")) == at->tag)) {
    ended(*at, now);
  }
}

void Sessions::asked_by_switch(Leg& leg, Instant now, const wire::Text& text) {
  if (leg.asked.branch != text.branch()) {
    const bool stream = text.get("Via").find("/TCP ") != std::string::npos;
    leg.asked = {text.branch(), text.method() == "INVITE", stream};
    leg.asked.first = now;
    leg.begun.insert(now);
  }
  ++leg.asked.copies;
}

void Sessions::answered(Leg& leg, Instant now, const wire::Text& response, bool by_switch) {
  const int status = response.status();
  if (!by_switch && leg.asked.branch == response.branch()) {
    if (status < 200) leg.asked.provisional = true;
    if (status >= 200 && leg.asked.status == 0) {
      leg.asked.status = status;
      leg.asked.answered = now;
    }
  }
  const auto found = leg.requests.find(response.branch());
  if (status < 200 || status > 299 || !agrees(response.method())) return;
  if (found == leg.requests.end() || found->second.settled) return;
  const Request& request = found->second;
  found->second.settled = true;
  if (leg.up && request.initial) return;  // another dialog of a fork
  if (!leg.up && !request.initial) return;
  if (request.initial) {
    leg.up = true;
    if (!by_switch) leg.tag = wire::tag_in(response.get("To"));
  }
  agree(leg, now, request, response, by_switch);
}

void Sessions::agree(Leg& leg, Instant now, const Request& request, const wire::Text& response,
                     bool by_switch) {
  leg.agreed = now;
  leg.begun.clear();
  leg.heard_before = by_switch ? request.came : now;
  leg.peer_asked = false;
  const int said = std::atoi(response.get("Session-Expires").c_str());
  if (said < kShortestInterval) {
    if (!request.initial && leg.one_sided && leg.interval != 0) return;
    leg.one_sided = request.initial && !by_switch && lists(response, "Allow", "UPDATE");
    leg.interval = leg.one_sided ? request.interval : 0;
    leg.peer_refreshes = false;
    return;
  }
  leg.interval = request.interval != 0 ? std::min(said, request.interval) : said;
  const std::string refresher = wire::parameter_in(response.get("Session-Expires"), "refresher");
  leg.peer_refreshes = refresher == (by_switch ? "uac" : "uas");
  leg.one_sided = by_switch && !request.timer;
}

void Sessions::ended(Leg& leg, Instant now) {
  if (leg.over != kNever) return;
  leg.over = now;
  check_dead(leg, now, now);
}

void Sessions::died(Instant now, const std::string& call_id) {
  if (Leg* at = leg(call_id)) at->died = now;
}

void Sessions::path_broke(int host) {
  for (auto& [call_id, leg] : legs_) leg.excused |= leg.host == host;
}

void Sessions::crashed(Instant now, const std::set<std::string>& kept_calls) {
  crashed_ = true;
  std::erase_if(legs_, [&](const auto& entry) { return !kept_calls.contains(entry.first); });
  for (auto& [call_id, leg] : legs_) {
    leg.asked = {};
    // What was being answered is lost: the peer has its 100 and does not ask again.
    leg.peer_asked = false;
    leg.excused |= now - leg.agreed <= kUnkept;
  }
}

void Sessions::finish(Instant now) {
  for (const auto& [call_id, leg] : legs_) {
    if (leg.over == kNever) check_dead(leg, now, kNever);
  }
}

void Sessions::check_dead(const Leg& leg, Instant now, Instant end) {
  if (leg.died == kNever || leg.interval == 0 || spoiled_.contains(leg.call)) return;
  const Instant latest = leg.agreed + seconds(leg.interval) + 64 * t1_;
  if (now <= latest) return;
  broken_("no dead call outlives its session interval",
          "agreed at " + text_of(leg.agreed) + " for " + std::to_string(leg.interval) +
              " s, died at " + text_of(leg.died) +
              (end == kNever ? ", still there at " + text_of(now) : ", ended at " + text_of(end)),
          leg.call);
}

// How often a request goes out over UDP while nothing is answered (RFC 3261 §17.1).
int Sessions::copies_until(milliseconds elapsed, bool invite) const {
  int copies = 1;
  milliseconds wait = t1_;
  for (milliseconds at = wait; at < std::min(elapsed, 64 * t1_); at += wait) {
    ++copies;
    wait = invite ? wait * 2 : std::min(wait * 2, t2_);
  }
  return copies;
}

bool Sessions::may_be_cut(Leg& leg, const std::string& call_id, Instant now) const {
  if (!vouched_.contains(call_id) || !talks_(leg.host, call_id)) return true;
  if (leg.excused) return true;
  if (lossless_) return false;
  if (leg.interval != 0 && leg.peer_refreshes) return !leg.peer_asked;
  const Asked& asked = leg.asked;
  if (asked.branch.empty() || asked.first <= leg.agreed) return false;
  // What comes when the interval is over saves nobody (RFC 4028 §10).
  const bool answered = asked.status != 0;
  const Instant over = leg.interval == 0 ? kNever : leg.agreed + seconds(leg.interval);
  if (answered && asked.answered <= over) return false;
  if (asked.provisional) return true;
  const Instant until = answered ? asked.answered : now;
  if (asked.stream) return until - asked.first >= kLeastPatience;
  return asked.copies >= copies_until(until - asked.first, asked.invite);
}

void Sessions::check_cut(Instant now, const cdr::Cdr& record) {
  std::string detail = std::string(cause::code_of(record.end_reason, record.end_detail)) + " at " +
                       text_of(now);
  for (const std::string& call_id : {record.caller_call_id, record.callee_call_id}) {
    Leg* at = leg(call_id);
    if (at == nullptr || may_be_cut(*at, call_id, now)) return;
    detail += "; interval " + std::to_string(at->interval) + " s since " + text_of(at->agreed) +
              (at->peer_refreshes ? " by the peer" : "") + ", asked " +
              std::to_string(at->asked.copies) + " times since " + text_of(at->asked.first) +
              ", answered " + std::to_string(at->asked.status);
  }
  broken_("no live call is cut by the session timer", detail, record.callee_in);
}

void Sessions::check_times(Instant now, UtcTime wall, const cdr::Cdr& record) {
  using directory::TimeoutEnd;
  const auto wrong = [&](const std::string& what) {
    broken_("the end times of a record fit together", what, record.callee_in);
  };
  if (record.last_alive_time > wall || record.detect_time > wall) return wrong("in the future");
  const UtcTime stop = timeout_end_ == TimeoutEnd::ByeTime     ? wall
                       : timeout_end_ == TimeoutEnd::Detection ? record.detect_time
                                                               : record.last_alive_time;
  if (record.stop != stop) return wrong("the stop is not the one that was asked for");
  // What 481 tells may be told by any request.
  if (crashed_ || record.end_reason == EndReason::CallDoesNotExist) return;
  if (record.last_alive_time < record.answer_time) return wrong("alive before the answer");
  const Leg* caller = leg(record.caller_call_id);
  const Leg* callee = leg(record.callee_call_id);
  if (caller == nullptr || callee == nullptr) return;
  const Instant alive = now - (wall - record.last_alive_time);
  const Instant noticed = now - (wall - record.detect_time);
  const auto fits = [&](const Leg& dead) {
    const bool seen = dead.heard_before <= alive && alive <= dead.heard;
    // Who should have refreshed and did not, or could not be asked, is noticed only now.
    const bool begun = noticed == now || (!dead.peer_refreshes && dead.begun.contains(noticed));
    return dead.excused || (seen && begun);
  };
  if (!fits(*caller) && !fits(*callee)) {
    wrong("alive " + text_of(alive) + ", noticed " + text_of(noticed) + " fits to neither leg");
  }
}

void Sessions::recorded(Instant now, UtcTime wall, const cdr::Cdr& record) {
  if (spoiled_.contains(record.callee_in)) return;
  if (!found_dead(wall, record)) {
    if (record.detect_time != wall || record.stop != wall) {
      broken_("a call that ended by itself was not found dead", "", record.callee_in);
    }
    return;
  }
  check_cut(now, record);
  check_times(now, wall, record);
}

}  // namespace tandem::sim
