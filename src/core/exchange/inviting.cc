// From an INVITE to its call: who sends it, what it says, and the legs and calls it is given.

#include "base/limits.h"
#include "core/exchange/state.h"
#include "core/leg/header_policy.h"
#include "core/leg/tokens.h"
#include "core/leg/writing.h"
#include "core/screening/screening.h"
#include "core/sip/headers.h"

namespace tandem::exchange {

using sip::HeaderId;
using stats::Counter;

namespace {

std::string_view user_of(std::string_view uri_text) {
  const auto uri = sip::parse_uri(uri_text);
  return uri ? uri->user_number() : std::string_view{};
}

std::string_view user_of_header(const sip::Message& message, HeaderId id) {
  sip::ValueWalker walk(message, id);
  if (!walk.next()) return {};
  const auto address = sip::parse_name_address(walk.value());
  return address ? user_of(address->uri_text) : std::string_view{};
}

// The first who forwarded the call. The first entry of a history of one is who was called, and
// nobody forwarded it (RFC 7044 §5).
std::string_view forwarding_user(const sip::Message& message) {
  if (message.has(HeaderId::Diversion)) return user_of_header(message, HeaderId::Diversion);
  sip::ValueWalker entries(message, HeaderId::HistoryInfo);
  if (!entries.next()) return {};
  const std::string_view first = entries.value();
  if (!entries.next()) return {};
  const auto address = sip::parse_name_address(first);
  return address ? user_of(address->uri_text) : std::string_view{};
}

// A parameter of the called number (RFC 4694).
std::optional<std::string_view> number_parameter(const sip::Uri& uri, std::string_view name) {
  if (const auto value = uri.user_parameter(name)) return value;
  return uri.scheme == sip::Scheme::Tel ? uri.parameter(name) : std::nullopt;
}

std::string decoded(std::string_view user) {
  std::string text;
  sip::append_unescaped(text, user);
  return text;
}

// The caller as a gateway sends it; From when there is none where it says (call-handling.md 2.2).
std::string caller_of(const sip::Message& message, directory::CallerSource source) {
  using directory::CallerSource;
  std::string text;
  switch (source) {
    case CallerSource::From:
      break;
    case CallerSource::RemotePartyId:
      text = decoded(user_of_header(message, HeaderId::RemotePartyId));
      break;
    case CallerSource::Display:
      text = message.from().display;
      break;
    case CallerSource::PAssertedIdentity:
      text = decoded(user_of_header(message, HeaderId::PAssertedIdentity));
      break;
    case CallerSource::PPreferredIdentity:
      text = decoded(user_of_header(message, HeaderId::PPreferredIdentity));
      break;
  }
  return text.empty() ? decoded(user_of(message.from().uri_text)) : text;
}

}  // namespace

// Where the request in `message` came from, and what it addressed.
facts::Setup Exchange::State::setup_at(const sip::Path& path) const {
  facts::Setup setup;
  setup.source_ip = path.peer.ip;
  setup.source_port = path.peer.port;
  setup.local_port = locals[path.local].address.port;
  setup.request_host = message.request_uri().host;
  if (const auto* over = registration_called(path)) setup.registration = over->id;
  return setup;
}

const directory::IngressGateway* Exchange::State::caller_at(const sip::Path& path) const {
  return screening::identify(*settings->directory, setup_at(path), nullptr,
                             {&message, [](const void* of, directory::CallerSource source) {
                                return caller_of(*static_cast<const sip::Message*>(of), source);
                              }});
}

void Exchange::State::on_invite(const sip::Path& path, transaction::ServerId transaction,
                                const Terminal& from) {
  const call::CallId again = awaited_call();
  const bool repeated = !(again == call::CallId{});
  if (!repeated) counters.add(Counter::CallsOffered);
  if (!repeated && calls.size() >= kMaxCalls) {
    counters.add(Counter::TransactionsRefused);
    return answer(path, transaction, 503, "Retry-After: 5\r\n");
  }
  const leg::LegId leg_id = legs.insert(leg::Side::Ingress);
  const call::CallId call_id = repeated ? again : calls.insert();
  call::Call& call = *calls.find(call_id);
  if (!repeated) call.begin(call_id, next_flow_no(), settings, leg_id);
  leg::Leg& leg = *legs.find(leg_id);
  leg.belong_to(call_id.packed());
  if (from.phone != nullptr) {
    leg.speak_to({directory::DeviceKind::Phone, from.phone->id}, from.phone->rules);
  } else if (from.gateway != nullptr) {
    leg.speak_to({directory::DeviceKind::Ingress, from.gateway->id}, from.gateway->rules);
  } else {
    leg.speak_to({}, settings->directory->default_rules());
  }
  actions->received_call = std::uint64_t(call.flow_no());
  transactions.set_user(transaction, {owner_word(Owner::Kind::Leg, leg_id),
                                      std::uint64_t(call.flow_no())});

  leg::Context at = context(&call);
  if (const auto* over = registration_called(path)) {
    leg.challenged_by(credentials::Peer::over(*over));
  }
  std::optional<leg::Release> refused = leg.open(at, leg_id, message, path, transaction);
  if (message.max_forwards() == 0) {
    refused = leg::Release{.reason = cause::EndReason::TooManyHops, .sip_status = 483};
  } else if (!is_for_us(message.request_uri().host)) {
    refused = leg::Release{.reason = cause::EndReason::CalleeNotFound, .sip_status = 404};
  } else if (loops()) {
    counters.add(Counter::LoopsRefused);
    refused = leg::Release{.reason = cause::EndReason::RouteLoop, .sip_status = 482};
  }
  if (refused) refused->q850_cause = cause::row(refused->reason).q850_cause;
  const auto offered = leg.heard_session(at, message, sdp::Turn::Offer);
  offer_call(call, path, from, offered, refused ? &*refused : nullptr,
             repeated ? leg_id : leg::LegId{});
  if (call.awaits_repetition()) awaited[call.record().caller_call_id] = call_id.packed();
  touched.push_back(call_id);
}

// The call that was answered 422 and waits for this INVITE (RFC 4028 §7.4); none for a new one.
call::CallId Exchange::State::awaited_call() {
  if (awaited.empty()) return {};
  const auto found = awaited.find(std::string(call::recorded_call_id(message.call_id())));
  if (found == awaited.end()) return {};
  const call::CallId id = call::CallId::unpack(found->second);
  awaited.erase(found);
  const call::Call* call = calls.find(id);
  return call != nullptr && call->awaits_repetition() ? id : call::CallId{};
}

std::int64_t Exchange::State::next_flow_no() {
  // Rising, unique among the exchanges of a process and, with the time in it, over restarts.
  const std::int64_t stamp = epoch_milliseconds(now.wall) * 4096 + identity.number;
  last_flow_no = std::max(last_flow_no + 256, stamp);
  return last_flow_no;
}

// Hands the INVITE in `message` to its call; `refused` = what is wrong with it already, `again` = the
// leg of one that is repeated.
void Exchange::State::offer_call(call::Call& call, const sip::Path& path,
                                 const Terminal& from, const std::optional<leg::Body>& offered,
                                 const leg::Release* refused, leg::LegId again) {
  leg::Context at = context(&call);
  const std::string request_user = decoded(message.request_uri().user_number());
  const std::string to_user = decoded(user_of(message.to().uri_text));
  const std::string from_user = decoded(user_of(message.from().uri_text));
  const std::string diverted = decoded(forwarding_user(message));
  const std::string party = decoded(user_of_header(message, HeaderId::RemotePartyId));
  const std::string asserted = decoded(user_of_header(message, HeaderId::PAssertedIdentity));
  const std::string preferred = decoded(user_of_header(message, HeaderId::PPreferredIdentity));
  facts::Setup setup = setup_at(path);
  if (from.gateway != nullptr) setup.ingress = from.gateway->id;
  if (from.phone != nullptr) setup.phone = from.phone->id;
  // What came to our Contact says in To whom it is for.
  setup.request_user = setup.registration != 0 ? to_user : request_user;
  setup.to_user = to_user;
  setup.from_user = from_user;
  setup.from_display = message.from().display;
  setup.diversion_user = diverted;
  setup.remote_party_user = party;
  setup.asserted_user = asserted;
  setup.preferred_user = preferred;
  const std::string rn =
      decoded(number_parameter(message.request_uri(), "rn").value_or(std::string_view()));
  setup.routing_number = rn;
  setup.ported_checked = number_parameter(message.request_uri(), "npdi").has_value();
  setup.product = message.value(HeaderId::UserAgent);
  setup.call_id = message.call_id();
  const sip::Privacy wanted = sip::parse_privacy(message);
  setup.privacy = wanted.user ? facts::PrivacyWish::Everything
                  : wanted.id ? facts::PrivacyWish::Identity
                              : facts::PrivacyWish::None;
  std::string annex;
  leg::append_annex(annex, message,
                    from.phone != nullptr ? leg::Vouched::No : leg::Vouched::Yes);
  call::Offer offer;
  offer.session = offered.value_or(leg::Body{});
  offer.without_codec = !offered;
  offer.annex = annex;
  offer.timer = leg::timer_ask(message);
  offer.max_forwards = message.max_forwards() < 0
                           ? settings->directory->parameters().sip_max_forwards
                           : message.max_forwards();
  call::Desk at_desk = desk(at);
  if (again == leg::LegId{}) {
    call.offer(at_desk, setup, offer, refused);
  } else {
    call.offer_again(at_desk, again, setup, offer, refused);
  }
}

}  // namespace tandem::exchange
