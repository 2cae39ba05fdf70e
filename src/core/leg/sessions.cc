// Session descriptions on their way through a leg: what its device may see of codecs, by the rules
// of the device (core/sdp/codecs.h). Most devices have none: then the bytes pass untouched.

#include "core/leg/leg.h"
#include "core/leg/writing.h"

namespace tandem::leg {
namespace {

using directory::AnnexMode;
using directory::G729Mode;
using sdp::AnnexValue;
using sdp::G729Names;

G729Names names_of(G729Mode mode, const sdp::CodecHabits& habits) {
  switch (mode) {
    case G729Mode::Auto:
      return habits.calls_it_g729a ? G729Names::G729a : G729Names::AsGiven;
    case G729Mode::G729:
      return G729Names::G729;
    case G729Mode::G729a:
      return G729Names::G729a;
    case G729Mode::Both:
      return G729Names::Both;
  }
  return G729Names::AsGiven;
}

// `without`: the peer said that it does not want the annex. RFC 7261 §3: no answer to it says yes.
AnnexValue annex_of(AnnexMode mode, bool without, sdp::Turn turn) {
  switch (mode) {
    case AnnexMode::Auto:
      return without && turn == sdp::Turn::Answer ? AnnexValue::No : AnnexValue::AsGiven;
    case AnnexMode::Yes:
      return AnnexValue::Yes;
    case AnnexMode::No:
      return AnnexValue::No;
    case AnnexMode::Omit:
      return AnnexValue::Omit;
    case AnnexMode::Pass:
      return AnnexValue::AsGiven;
  }
  return AnnexValue::AsGiven;
}

bool changes_something(const sdp::CodecRules& rules) {
  return rules.restricts || rules.g729 != G729Names::AsGiven ||
         rules.annexb != AnnexValue::AsGiven || rules.annexa != AnnexValue::AsGiven;
}

// The body under its rules; nothing when no codec is left. A new text is kept until the events of
// this input are handled.
std::optional<Body> ruled(Context& context, const Body& body, sdp::Turn turn,
                          sdp::CodecRules rules) {
  sdp::leave_out_what_is_said(rules, body.bytes);
  if (!changes_something(rules)) return body;
  sdp::CodecRewrite made = sdp::apply_codec_rules(body.bytes, turn, rules, context.session);
  switch (made.outcome) {
    case sdp::CodecOutcome::Same:
      return body;
    case sdp::CodecOutcome::Changed:
      context.kept.push_back(std::move(made.text));
      return Body{body.type, context.kept.back()};
    case sdp::CodecOutcome::NothingLeft:
      break;
  }
  return std::nullopt;
}

}  // namespace

// From the peer: its offer loses what the device may not use; how it names things is remembered.
std::optional<Body> Leg::heard_session(Context& context, const sip::Message& message,
                                       sdp::Turn turn) {
  const Body body = session_body(message);
  if (body.empty()) return body;
  habits_ = sdp::habits_of(body.bytes);
  sdp::CodecRules rules;
  if (rules_.restricts_codecs && turn == sdp::Turn::Offer) {
    rules.restricts = true;
    if (const directory::Device* device = lists(context)) rules.allowed = device->sip_codecs;
  }
  if (rules_.g729 == G729Mode::Both && turn == sdp::Turn::Answer) rules.g729 = G729Names::Both;
  return ruled(context, body, turn, rules);
}

std::optional<Body> Leg::said_session(Context& context, const Body& body, sdp::Turn turn) const {
  if (body.empty()) return body;
  sdp::CodecRules rules;
  rules.g729 = names_of(rules_.g729, habits_);
  if (rules.g729 == G729Names::Both && turn == sdp::Turn::Answer) rules.g729 = G729Names::AsGiven;
  rules.annexb = annex_of(rules_.annexb, habits_.without_annexb, turn);
  rules.annexa = annex_of(rules_.annexa, habits_.without_annexa, turn);
  if (rules_.restricts_codecs && turn == sdp::Turn::Offer) {
    rules.restricts = true;
    if (const directory::Device* device = lists(context)) rules.allowed = device->sip_codecs;
  }
  return ruled(context, body, turn, rules);
}

}  // namespace tandem::leg
