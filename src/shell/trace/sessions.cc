#include "shell/trace/sessions.h"

#include <algorithm>
#include <memory>

#include "base/limits.h"

namespace tandem::trace {
namespace {

constexpr std::size_t kMaxRefreshes = 1000;  // of one leg; the newest stay

TimerWords words_of(const sip::Message& message) {
  TimerWords words;
  if (const sip::HeaderField* field = message.find(sip::HeaderId::SessionExpires)) {
    if (const auto value = sip::parse_session_expires(field->value)) {
      words.interval = value->interval;
      words.refresher = value->refresher;
    } else {
      words.unreadable = true;
    }
  }
  if (message.has(sip::HeaderId::MinSe)) {
    words.min_se = sip::parse_delta_seconds(message.value(sip::HeaderId::MinSe));
  }
  words.supported = sip::lists_token(message, sip::HeaderId::Supported, "timer");
  words.required = sip::lists_token(message, sip::HeaderId::Require, "timer");
  return words;
}

// All values of a header in one line.
std::string joined(const sip::Message& message, sip::HeaderId id) {
  std::string text;
  for (sip::ValueWalker walk(message, id); walk.next();) {
    if (!text.empty()) text += ", ";
    text += walk.value();
  }
  return text;
}

bool changes_session(const sip::Message& message) {
  const sip::Method method = message.cseq().method;
  return method == sip::Method::Invite || method == sip::Method::Update;
}

}  // namespace

void Sessions::read(const Entry& entry) {
  const auto message = std::make_unique<sip::Message>();
  const sip::ParseError fault = sip::parse(entry.bytes, *message);
  if (fault.kind != sip::ParseErrorKind::None && message->call_id().empty()) return;
  read({entry.time, entry.flow_no, entry.sent, entry.peer, *message});
}

void Sessions::read(const Passed& passed) {
  Leg* const leg = leg_of(passed);
  if (leg == nullptr) return;
  if (passed.flow_no != 0) leg->flow_no = passed.flow_no;
  leg->last_passed = passed.time;
  if (!passed.sent) {
    leg->last_received = passed.time;
    learn(*leg, passed);
  }
  if (passed.message.is_request()) {
    request(*leg, passed);
  } else {
    response(*leg, passed);
  }
}

// A leg begins with an INVITE; one whose INVITE is not there is not known.
Leg* Sessions::leg_of(const Passed& passed) {
  const sip::Message& message = passed.message;
  const auto known = by_call_id_.find(message.call_id());
  if (known != by_call_id_.end()) return &legs_[known->second];
  const bool begins =
      message.is_request() && message.method() == sip::Method::Invite && message.to().tag.empty();
  if (!begins || legs_.size() >= kMaxTracedCalls) return nullptr;
  by_call_id_.emplace(message.call_id(), legs_.size());
  Leg leg;
  leg.call_id = message.call_id();
  leg.peer = passed.peer;
  leg.we_called = passed.sent;
  leg.invited = passed.time;
  leg.flow_no = passed.flow_no;
  if (const auto uri = sip::parse_uri((passed.sent ? message.to() : message.from()).uri_text)) {
    leg.peer_user = uri->user;
    leg.peer_host = uri->host;
  }
  (passed.sent ? leg.local_tag : leg.remote_tag) = message.from().tag;
  legs_.push_back(std::move(leg));
  return &legs_.back();
}

void Sessions::learn(Leg& leg, const Passed& passed) {
  const sip::Message& message = passed.message;
  const bool refused = message.is_response() && message.status() / 100 != 2;
  if (!changes_session(message) || refused) return;
  Abilities found{.supported = joined(message, sip::HeaderId::Supported),
                  .allow = joined(message, sip::HeaderId::Allow),
                  .product = std::string(message.value(
                      message.is_request() ? sip::HeaderId::UserAgent : sip::HeaderId::Server)),
                  .since = passed.time};
  if (found.allow.empty()) found.allow = leg.abilities.allow;
  if (found.product.empty()) found.product = leg.abilities.product;
  if (leg.abilities.since == UtcTime{} || found.supported != leg.abilities.supported ||
      found.allow != leg.abilities.allow) {
    leg.abilities = std::move(found);
  }
  const std::string contact = joined(message, sip::HeaderId::Contact);
  if (!contact.empty()) leg.contact = contact;
}

void Sessions::request(Leg& leg, const Passed& passed) {
  const sip::Message& message = passed.message;
  const std::uint32_t number = message.cseq().number;
  std::uint32_t& highest = passed.sent ? leg.local_cseq : leg.remote_cseq;
  const bool repeated = number <= highest;
  highest = std::max(highest, number);
  if (repeated || !changes_session(message)) return;
  if (message.to().tag.empty()) {
    leg.offer = words_of(message);
    if (!passed.sent) leg.routes = joined(message, sip::HeaderId::RecordRoute);
    return;
  }
  // An UPDATE before the answer is no refresh of a session that is up.
  if (leg.answered == UtcTime{}) return;
  if (!leg.refreshes.empty()) {
    Refresh& last = leg.refreshes.back();
    if (last.by_us == passed.sent && last.status == 491 && last.again_after.count() < 0) {
      last.again_after = passed.time - last.time - last.delay;
    }
  }
  if (leg.refreshes.size() == kMaxRefreshes) leg.refreshes.erase(leg.refreshes.begin());
  leg.refreshes.push_back({.time = passed.time,
                           .by_us = passed.sent,
                           .method = std::string(message.method_text()),
                           .refreshes = message.has(sip::HeaderId::SessionExpires)});
}

void Sessions::response(Leg& leg, const Passed& passed) {
  const sip::Message& message = passed.message;
  if (message.status() < 200 || !changes_session(message)) return;
  if (leg.answered == UtcTime{} && message.cseq().method == sip::Method::Invite) {
    final_of_invite(leg, passed);
  } else if (leg.answered != UtcTime{}) {
    final_in_dialog(leg, passed);
  }
}

void Sessions::final_of_invite(Leg& leg, const Passed& passed) {
  const sip::Message& message = passed.message;
  if (message.status() == 422) {
    const auto wanted = words_of(message).min_se;
    const bool again = !leg.too_small.empty() && leg.too_small.back().asked == leg.offer.interval;
    if (!again) {
      leg.too_small.push_back(
          {passed.time, passed.sent, leg.offer.interval.value_or(0), wanted.value_or(0)});
    }
  }
  leg.final_status = message.status();
  if (message.status() / 100 != 2) return;
  leg.answered = passed.time;
  leg.answer = words_of(message);
  (passed.sent ? leg.local_tag : leg.remote_tag) = message.to().tag;
  if (!passed.sent) leg.routes = joined(message, sip::HeaderId::RecordRoute);
  renew(leg, passed, leg.we_called);
}

void Sessions::final_in_dialog(Leg& leg, const Passed& passed) {
  const sip::Message& message = passed.message;
  const auto open = std::find_if(leg.refreshes.rbegin(), leg.refreshes.rend(), [&](Refresh& each) {
    return each.by_us != passed.sent && each.status == 0 &&
           each.method == message.cseq().method_text;
  });
  if (open == leg.refreshes.rend()) return;
  open->status = message.status();
  open->delay = passed.time - open->time;
  if (open->status == 422) {
    const auto wanted = words_of(message).min_se;
    leg.too_small.push_back(
        {passed.time, passed.sent, leg.interval.value_or(0), wanted.value_or(0)});
  }
  if (open->status / 100 == 2) renew(leg, passed, open->by_us);
}

// RFC 4028 §7.2: "uac" is whoever sent the request that this 2xx answers.
void Sessions::renew(Leg& leg, const Passed& passed, bool asked_by_us) {
  const TimerWords words = words_of(passed.message);
  leg.interval = words.interval;
  leg.refreshed = passed.time;
  const bool by_asker = words.refresher != sip::Refresher::Uas;
  leg.we_refresh = words.interval && by_asker == asked_by_us;
}

}  // namespace tandem::trace
