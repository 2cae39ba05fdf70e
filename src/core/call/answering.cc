// The answer and what follows from it: the talk begins, its limit is drawn, media is noted.

#include <algorithm>

#include "core/call/call.h"
#include "core/sdp/sdp.h"

namespace tandem::call {
namespace {

// The talk limit of one device (call-handling.md §13): both -1 = system, both 0 = none, lower <
// upper = drawn at random. 0 = no limit.
seconds talk_limit(int lower, int upper, const directory::Parameters& system, Rng& rng) {
  std::int64_t low = lower;
  std::int64_t high = upper;
  if (lower < 0 && upper < 0) {
    low = system.max_call_duration.count();
    high = std::max(low, std::int64_t(system.max_call_duration_upper.count()));
  }
  low = std::max<std::int64_t>(low, 0);
  high = std::max(high, low);
  if (low == 0 && high == 0) return 0s;
  return seconds(low + std::int64_t(rng.next() % std::uint64_t(high - low + 1)));
}

seconds shorter(seconds a, seconds b) {
  if (a == 0s) return b;
  if (b == 0s) return a;
  return std::min(a, b);
}

}  // namespace

// RFC 3261 §13.2.1: an answer brings the session of the called side, unless a provisional did.
bool Call::brings_session(const leg::Event& answer) {
  if (!answer.body.empty()) return true;
  const Hunt::EarlySource* source = early_source(answer.branch);
  return source != nullptr && !source->session.empty();
}

void Call::on_connect(Desk& desk, const leg::Event& event) {
  if (event.leg != egress_ || state_ == State::Answered || state_ == State::Offered) return;
  if (!brings_session(event)) {
    // It was acknowledged, and is let go with a BYE; the search goes on.
    const cause::EndReasonRow& row = cause::row(cause::EndReason::SdpInvalid);
    return fail_attempt(desk, leg::Release{.reason = cause::EndReason::SdpInvalid,
                                           .sip_status = row.sip_status,
                                           .q850_cause = row.q850_cause});
  }
  const UtcTime now = desk.leg.now.wall;
  cdr::Attempt& attempt = record_.attempts.back();
  if (attempt.pdd < 0) attempt.pdd = (now - attempt.start).count();
  attempt.sip_status = event.status;
  note_quality(desk, true);
  note_caller_quality(desk, true);
  deciding_attempt_ = std::uint32_t(record_.attempts.size() - 1);
  if (record_.caller_pdd < 0) record_.caller_pdd = (now - record_.start).count();
  record_.answer_time = now;
  if (!event.product.empty()) record_.callee_product = event.product.substr(0, 255);

  const bool session = !event.body.empty();
  // An answer without a session means the one its early dialog brought.
  const Hunt::EarlySource* source = early_source(event.branch);
  const std::string early = source != nullptr ? source->session : std::string();
  const leg::Body body = session ? event.body : leg::Body{"application/sdp", early};
  note_media(desk, body.bytes, record_.callee_rtp_ip, record_.callee_codec);
  if (!record_.callee_codec.empty()) record_.caller_codec = record_.callee_codec;
  const std::uint8_t variant = variant_of(event.branch, session);

  if (ingress_gateway_ != 0) ++desk.live.ingress.at(ingress_gateway_).answered;
  if (counted_.egress != 0) ++desk.live.egress.at(counted_.egress).answered;
  const auto* ingress = directory().ingress_gateway(ingress_gateway_);
  const auto* egress = running_gateway();
  seconds limit = 0s;
  if (const directory::Phone* phone = directory().phone(phone_)) {
    limit = talk_limit(phone->max_call_duration_lower, phone->max_call_duration_upper,
                       parameters(), desk.leg.rng);
  }
  if (ingress != nullptr) {
    limit = talk_limit(ingress->max_call_duration_lower, ingress->max_call_duration_upper,
                       parameters(), desk.leg.rng);
  }
  if (egress != nullptr) {
    limit = shorter(limit, talk_limit(egress->max_call_duration_lower,
                                      egress->max_call_duration_upper, parameters(),
                                      desk.leg.rng));
  }
  enter(desk, State::Answered);
  desk.leg.changed.push_back(self_.packed());
  if (limit != 0s) talk_deadline_ = desk.leg.now.mono + limit;
  arm(desk);
  leg(desk, ingress_)->connect(desk.leg, body, variant, event.annex);
  watch_untimed(desk);
}

// An answer (or a plain acknowledgement) of one side completes what the other side began.
void Call::on_confirm(Desk& desk, const leg::Event& event) {
  if (event.leg == ingress_ && !event.body.empty() && record_.caller_rtp_ip.empty()) {
    note_media(desk, event.body.bytes, record_.caller_rtp_ip, record_.caller_codec);
  }
  leg::Leg* to = other(desk, event.leg);
  if (to != nullptr) to->confirm(desk.leg, event.body);
  if (event.leg == modify_from_) modify_open_ = false;
}

// Media address and first codec of a session description, for the record. False when it cannot be
// read.
bool Call::note_media(Desk& desk, std::string_view text, std::string& address,
                      std::string& codec) {
  if (text.empty()) return true;
  sdp::Session& session = desk.leg.session;
  session.clear();
  if (!sdp::parse(text, session).ok()) return false;
  const sdp::Media* audio = sdp::first_audio(session);
  if (audio == nullptr) return true;
  if (const auto endpoint = sdp::endpoint_of(session, *audio)) address = endpoint->text();
  codec = sdp::first_codec(*audio);
  return true;
}

}  // namespace tandem::call
