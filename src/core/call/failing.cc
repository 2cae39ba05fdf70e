// How an attempt ends without an answer, and whether another follows (call-handling.md §10).

#include <algorithm>

#include "core/call/call.h"
#include "core/cause/sip_q850.h"

namespace tandem::call {
namespace {

using cause::EndReason;
using directory::EgressGateway;
using directory::SystemSwitch;

// A gateway's own word, or the system's when it leaves it to that.
bool allows(SystemSwitch gateway, bool system) {
  return gateway == SystemSwitch::System ? system : gateway == SystemSwitch::Allow;
}

bool within(const std::vector<directory::CodeRange>& ranges, int status) {
  for (const auto& [first, last] : ranges) {
    if (status >= first && status <= last) return true;
  }
  return false;
}

bool by_peer(const cdr::Attempt& attempt) {
  return attempt.end_reason == EndReason::PeerSip || attempt.end_reason == EndReason::PeerQ850 ||
         attempt.end_reason == EndReason::CalleeRejected;
}

// The SIP status a refused attempt counts as; 0 when it was not refused by its peer.
int status_of(const cdr::Attempt& attempt) {
  if (attempt.end_reason == EndReason::PeerRedirectRefused) return attempt.sip_status;
  return by_peer(attempt) ? cause::sip_status_of(attempt.end_reason, attempt.end_detail) : 0;
}

// It answered where else to go, and that was done.
bool was_redirected(const cdr::Attempt& attempt) {
  return attempt.end_reason == EndReason::PeerSip && attempt.end_detail < 400;
}

// A cause that tells the caller something: not a time-out and not the trouble of a network.
bool is_real(const cdr::Attempt& attempt) {
  const bool given = by_peer(attempt) && !was_redirected(attempt);
  const int status = status_of(attempt);
  return given && status != 408 && (status < 500 || status >= 600);
}

}  // namespace

// Ends the running attempt on our side and remembers its leg until it is gone.
void Call::let_go(Desk& desk, const leg::Release& why) {
  if (leg::Leg* egress = leg(desk, egress_)) {
    leaving_.push_back(egress_);
    egress->release(desk.leg, why);
    // What the caller asked of this attempt nobody will answer.
    if (leg::Leg* ingress = leg(desk, ingress_)) ingress->end_pending_requests(desk.leg);
    modify_open_ = false;
  }
  egress_ = {};
  question_ = 0;
  attempt_deadline_ = kNever;
  give_back_attempt(desk);
}

void Call::fail_attempt(Desk& desk, const leg::Release& why) {
  const EgressGateway* gateway = running_gateway();
  if (question_ != 0) {
    // The address never came.
    question_ = 0;
    ++attempts_;
    cdr::Attempt& unresolved = record_.attempts.emplace_back();
    if (gateway != nullptr) unresolved.gateway = gateway->name;
    unresolved.start = desk.leg.now.wall;
  }
  cdr::Attempt& attempt = record_.attempts.back();
  attempt.end = desk.leg.now.wall;
  note_refusal(gateway, why, attempt);
  if (gateway != nullptr) note_pause(desk, *gateway, why);
  const bool unreachable = why.reason == EndReason::ConnectionTimeout;
  if (const leg::Leg* egress = leg(desk, egress_);
      unreachable && egress != nullptr &&
      (counted_.phone != 0 || (gateway != nullptr && gateway->registers()))) {
    desk.silent.push_back(egress->path());
  }
  bool further = gateway == nullptr || may_hunt(*gateway, attempt);
  if (gateway != nullptr && attempt.end_reason == EndReason::PeerRedirectRefused) {
    further = further && take_redirection(desk, *gateway, why, attempt);
  }
  if (!was_redirected(attempt)) note_quality(desk, false);
  record_.sip_reason_header = attempt.sip_reason_header;
  hunt().failed_phrase = why.phrase.substr(0, 127);
  hunt().failed_annex = why.annex;
  hunt().failed_retry_after = why.retry_after;
  let_go(desk, why);
  const bool elsewhere =
      gateway != nullptr && (unreachable || refused_here_only(desk, *gateway, why));
  if (!elsewhere || !to_next_address(*gateway)) {
    ++hunt().next_route;
    hunt().next_address = 0;
    hunt().targets.clear();
  }
  if (!further) return give_up(desk, false);
  if (state_ == State::Alerting) enter(desk, State::Attempting);
  next_attempt(desk);
}

// A 3xx of this gateway. False: the search ends with it.
bool Call::take_redirection(Desk& desk, const EgressGateway& gateway, const leg::Release& why,
                            cdr::Attempt& attempt) {
  using directory::Redirection;
  const Redirection mode = directory::redirection_of(gateway, parameters());
  // A phone cannot send the calls of others about; that is what forwarding is for.
  if (mode == Redirection::Follow && counted_.phone == 0 &&
      follow(desk, gateway, why.alternatives)) {
    attempt.end_reason = EndReason::PeerSip;
    attempt.end_detail = attempt.sip_status;
    attempt.q850_cause = 0;
  }
  return mode != Redirection::Reject;
}

// 503 is said by one server, not by the gateway as a whole: its next address may take the call
// (RFC 3263 §4.3). When it said when to come back, the gateway rests with all its addresses.
bool Call::refused_here_only(Desk& desk, const EgressGateway& gateway,
                             const leg::Release& why) const {
  return why.reason == EndReason::PeerSip && why.sip_status == 503 &&
         desk.live.egress.read(gateway.id).banned_until <= desk.leg.now.mono;
}

// A gateway that says when to come back gets no calls until then (call-handling.md 10).
void Call::note_pause(Desk& desk, const EgressGateway& gateway, const leg::Release& why) {
  if (why.reason != EndReason::PeerSip || why.retry_after == 0) return;
  const directory::SystemFlag wish = gateway.honour_retry_after;
  const bool asked = wish == directory::SystemFlag::On;
  const bool usual =
      wish == directory::SystemFlag::System && desk.leg.live.sip_retry_after_honour;
  const int status = why.sip_status;
  const bool others = status == 480 || status == 486 || status == 500 || status == 600;
  if (!(status == 503 && (asked || usual)) && !(others && asked)) return;
  const seconds pause = std::min(seconds(why.retry_after), desk.leg.live.sip_retry_after_max);
  facts::GatewayLive& live = desk.live.egress.at(gateway.id);
  // Of several answers the one that asks for the longest counts.
  if (desk.leg.now.mono + pause <= live.banned_until) return;
  if (live.banned_until <= desk.leg.now.mono) ++live.bans;
  live.banned_until = desk.leg.now.mono + pause;
  live.banned_by = std::uint16_t(status);
  desk.pauses.push_back({gateway.id, pause, std::uint16_t(status)});
}

// What the end of an attempt means: its gateway's invite_codes and prefer_reason_cause have a say.
void Call::note_refusal(const EgressGateway* gateway, const leg::Release& why,
                        cdr::Attempt& attempt) {
  const bool refused = why.reason == EndReason::PeerSip;
  attempt.end_reason = why.reason;
  attempt.end_detail = why.detail;
  attempt.sip_status = refused ? why.sip_status : 0;
  attempt.q850_cause = why.q850_cause;
  if (gateway == nullptr || gateway->rules.records_reason) {
    attempt.sip_reason_header = why.reason_header.substr(0, 255);
  }
  if (!refused) return;
  if (gateway != nullptr) attempt.end_detail = directory::mapped(gateway->invite_codes, why.detail);
  const std::uint64_t number = std::uint64_t{1} << (attempts_ % 64);
  hunt().gave_cause = (hunt().gave_cause & ~number) | (why.q850_cause != 0 ? number : 0);
  if (gateway != nullptr && gateway->rules.prefers_cause && why.q850_cause != 0) {
    attempt.end_reason = EndReason::PeerQ850;
    attempt.end_detail = why.q850_cause;
  } else if (attempt.end_detail < 400) {
    attempt.end_reason = EndReason::PeerRedirectRefused;
    attempt.end_detail = 0;
    attempt.q850_cause = cause::row(attempt.end_reason).q850_cause;
  } else if (attempt.q850_cause == 0) {
    attempt.q850_cause = cause::q850_of_sip(attempt.end_detail);
  }
  if (counted_.phone != 0 && attempt.sip_status == 603) {
    attempt.end_reason = EndReason::CalleeRejected;
    attempt.end_detail = 0;
  }
}

bool Call::may_hunt(const EgressGateway& gateway, const cdr::Attempt& failed) const {
  const directory::Parameters& system = parameters();
  const int status = status_of(failed);
  const bool busy = status == 486 || status == 600;
  if (busy) return allows(gateway.switch_allow_busy, !system.gateway_switch_stop_after_user_busy);
  const auto& codes = gateway.stop_sip_codes.empty() ? system.gateway_switch_stop_sip_codes
                                                     : gateway.stop_sip_codes;
  const bool cause_stops = failed.end_reason == EndReason::PeerQ850 &&
                           within(system.gateway_switch_stop_q931_causes, failed.end_detail);
  if (cause_stops || (status != 0 && within(codes, status))) {
    return allows(gateway.switch_allow_error_code, false);
  }
  const bool silent = failed.end_reason == EndReason::InviteTimeout ||
                      failed.end_reason == EndReason::ConnectionTimeout;
  if (silent && gateway.register_type == directory::EgressRegister::Outbound &&
      system.sip_user_agent_stop_switch_after_invite_timeout) {
    return false;
  }
  if (allows(gateway.switch_until_connect, system.gateway_switch_until_connect)) return true;
  if (hunt().answer_sent && !allows(gateway.switch_allow_sdp, !system.sip_stop_switch_after_sdp)) {
    return false;
  }
  if (state_ == State::Alerting &&
      !allows(gateway.switch_allow_ring, !system.gateway_switch_stop_after_ringing)) {
    return false;
  }
  return true;
}

// No further attempt: the caller gets the answer of the last attempt that gave a real cause, else
// of the last one (call-handling.md §10).
void Call::give_up(Desk& desk, bool limit_reached) {
  if (!record_.attempts.empty() && was_redirected(record_.attempts.back())) {
    // Where it led, nothing could be tried.
    cdr::Attempt& last = record_.attempts.back();
    last.end_reason = EndReason::PeerRedirectRefused;
    last.end_detail = 0;
    last.q850_cause = cause::row(last.end_reason).q850_cause;
  }
  const cdr::Attempt* told = nullptr;
  for (const cdr::Attempt& attempt : record_.attempts) {
    if (is_real(attempt)) told = &attempt;
  }
  const bool last = told == nullptr || told == &record_.attempts.back();
  if (told == nullptr && !record_.attempts.empty() && !limit_reached) {
    told = &record_.attempts.back();
  }
  if (told == nullptr) {
    if (limit_reached && !record_.attempts.empty()) {
      return refuse(desk, EndReason::SwitchLimitReached);
    }
    // Routes there were, but none that could be taken.
    const bool told_why = hunt().passed_over != EndReason{};
    return refuse(desk, told_why ? hunt().passed_over : EndReason::NoAvailableRouter);
  }
  deciding_attempt_ = std::uint32_t(told - record_.attempts.data());
  leg::Release why;
  why.reason = told->end_reason;
  why.detail = told->end_detail;
  why.q850_cause = told->q850_cause;
  why.sip_status = cause::sip_status_of(why.reason, why.detail);
  const auto* caller = directory().ingress_gateway(ingress_gateway_);
  const std::uint64_t number = std::uint64_t{1} << ((deciding_attempt_ + 1) % 64);
  if (caller != nullptr && caller->rules.prefers_cause && (hunt().gave_cause & number) != 0) {
    why.sip_status = cause::sip_of_q850(why.q850_cause);
  }
  // A challenge is between us and the gateway: it must not go out without its header.
  if (why.sip_status == 401 || why.sip_status == 407) why.sip_status = 403;
  const std::string phrase = std::exchange(hunt().failed_phrase, {});
  const std::string annex = std::exchange(hunt().failed_annex, {});
  if (last && why.sip_status == told->sip_status) {
    why.phrase = phrase;
    why.annex = annex;
  }
  end(desk, by_peer(*told) ? cause::Side::Callee : cause::Side::Switch, why);
}

}  // namespace tandem::call
