// What the answer to a REGISTER means, and what is kept of it.
#include <algorithm>

#include "base/limits.h"
#include "core/leg/signal_transport.h"
#include "core/leg/writing.h"
#include "core/registering/registrations.h"
#include "core/sip/headers.h"

namespace tandem::registering {
namespace {

using sip::HeaderId;

constexpr seconds kLongest{86'400};       // a registration we ask for at most
constexpr seconds kLongestPatience{3'600};  // as far as Retry-After is obeyed
constexpr int kMaxProlonged = 3;

// How long our Contact is bound, as the registrar says: beside it, else for all of them, else as we
// asked (RFC 3261 §10.2.4).
seconds granted_by(const sip::Message& response, std::string_view contact_user, seconds asked) {
  const auto of_all = sip::parse_delta_seconds(response.value(HeaderId::Expires));
  std::optional<std::uint32_t> granted;
  for (sip::ValueWalker walk(response, HeaderId::Contact); walk.next();) {
    const auto address = sip::parse_name_address(walk.value());
    const auto uri = address ? sip::parse_uri(address->uri_text) : std::nullopt;
    if (!uri) continue;
    std::string user;
    sip::append_unescaped(user, uri->user_number());
    if (user != contact_user) continue;
    const auto beside = sip::parameter(address->parameters, "expires");
    const auto time = beside ? sip::parse_delta_seconds(*beside) : std::nullopt;
    // An older Contact of ours, at another address, may stand beside the new one.
    if (time) granted = std::max(granted.value_or(0), *time);
  }
  if (!granted) granted = of_all;
  return granted ? std::min(seconds(*granted), asked) : asked;
}

// Answers that will be the same tomorrow unless somebody changes something.
bool is_final_word(int status) {
  constexpr int kFinal[] = {401, 403, 404, 405, 407, 410, 416, 501, 505, 600, 603, 604, 606};
  return std::find(std::begin(kFinal), std::end(kFinal), status) != std::end(kFinal);
}

bool may_be_better_elsewhere(int status) { return status == 408 || status / 100 == 5; }

}  // namespace

Event Registrations::judge_silence(Registration& one) {
  if (one.state == State::Unregistering || one.target + 1 >= one.targets.size()) {
    return Event::Unreachable;
  }
  ++one.target;
  return Event::Elsewhere;
}

Event Registrations::judge(Desk& desk, Registration& one, const sip::Message& response) {
  const int status = response.status();
  const directory::OutboundRegistration& row = one.row;
  one.answer = status;
  one.phrase = response.reason().substr(0, 127);
  one.answer_time = desk.now.wall;
  one.retry_after = seconds(0);
  if (const auto wait = sip::parse_retry_after(response.value(HeaderId::RetryAfter))) {
    one.retry_after = std::min(seconds(wait->delay), kLongestPatience);
  }
  if (status < 300) {
    if (one.state == State::Unregistering) return Event::Accepted;
    one.granted = granted_by(response, row.own_contact_user(), one.asked);
    return one.granted > seconds(0) ? Event::Accepted : Event::Refused;
  }
  if (status == 401 || status == 407) {
    const credentials::Attempted attempted{one.answered, desk.parameters.sip_authentication_retry,
                                           desk.transactions.answered_request()};
    if (row.password.empty() || !one.challenges.note(response, attempted)) return Event::Rejected;
    ++one.answered;
    return Event::Challenged;
  }
  if (status == 423) {
    const auto least = sip::parse_delta_seconds(response.value(HeaderId::MinExpires));
    const bool longer = least && seconds(*least) > one.asked && seconds(*least) <= kLongest;
    if (!longer || one.prolonged >= kMaxProlonged) return Event::Refused;
    one.asked = seconds(*least);
    ++one.prolonged;
    return Event::TooBrief;
  }
  if (status < 400) {
    // RFC 3261 §21.3: addressed again, to where it says; by name is not followed.
    const auto named = leg::path_to(leg::contact_uri(response), *one.path(), desk.locals);
    const bool known =
        named && std::find(one.targets.begin(), one.targets.end(), *named) != one.targets.end();
    if (!named || known || one.targets.size() >= kMaxRegistrarTargets) return Event::Refused;
    one.targets.push_back(*named);
    one.target = std::uint32_t(one.targets.size() - 1);
    return Event::Elsewhere;
  }
  if (is_final_word(status)) return Event::Rejected;
  if (may_be_better_elsewhere(status) && one.retry_after == seconds(0)) {
    const Event next = judge_silence(one);
    return next == Event::Elsewhere ? next : Event::Refused;
  }
  return Event::Refused;
}

}  // namespace tandem::registering
