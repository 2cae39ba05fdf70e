#include "shell/trace/matcher.h"

#include <algorithm>

#include "base/text.h"
#include "core/sip/headers.h"

namespace tandem::trace {
namespace {

enum CallBit : unsigned { kFlow = 1, kNumber = 2, kGateway = 4, kAddress = 8, kCallId = 16 };

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  const auto equal = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), equal) != text.end();
}

// The number is looked for where numbers stand, not in host names.
bool names_number(std::string_view uri_text, std::string_view number) {
  const auto uri = sip::parse_uri(uri_text);
  return uri && contains(uri->user, number);
}

bool has_user(std::string_view uri_text, std::string_view name) {
  const auto uri = sip::parse_uri(uri_text);
  return uri && uri->user == name;
}

bool has_host(std::string_view uri_text, std::string_view host) {
  const auto uri = sip::parse_uri(uri_text);
  return uri && equal_ignoring_case(uri->host, host);
}

bool has_number(const sip::Message& message, std::string_view number) {
  return (message.is_request() && names_number(message.request_uri_text(), number)) ||
         names_number(message.from().uri_text, number) ||
         names_number(message.to().uri_text, number);
}

}  // namespace

bool Wish::restricts_calls() const {
  return flow_no != 0 || !number.empty() || !gateway.empty() || !address.empty() ||
         !call_id.empty();
}

bool Wish::restricts_messages() const {
  return !methods.empty() || !statuses.empty() || !headers.empty() || !payload.empty() ||
         keep_alive;
}

bool Wish::restricts() const { return restricts_calls() || restricts_messages(); }

Result<Matcher, WishFault> Matcher::compile(const Wish& wish,
                                            const directory::Directory& directory) {
  Matcher matcher;
  matcher.wish_ = wish;
  matcher.call_bits_ = (wish.flow_no != 0 ? kFlow : 0u) | (wish.number.empty() ? 0u : kNumber) |
                       (wish.gateway.empty() ? 0u : kGateway) |
                       (wish.address.empty() ? 0u : kAddress) |
                       (wish.call_id.empty() ? 0u : kCallId);
  if (auto fault = matcher.compile_address()) return Failure{std::move(*fault)};
  if (auto fault = matcher.compile_gateway(directory)) return Failure{std::move(*fault)};
  if (auto fault = matcher.compile_statuses()) return Failure{std::move(*fault)};
  matcher.compile_headers();
  return matcher;
}

std::optional<WishFault> Matcher::compile_address() {
  if (wish_.address.empty()) return std::nullopt;
  if (const auto range = AddressRange::parse(wish_.address)) {
    address_.push_back({.range = *range, .port = 0, .host = {}});
    return std::nullopt;
  }
  const auto endpoint = Endpoint::parse(wish_.address, 0);
  if (!endpoint) {
    return WishFault{"address", wish_.address,
                     "must be 192.0.2.1, 192.0.2.1:5060 or a range like 192.0.2.0/24"};
  }
  address_.push_back({.range = {endpoint->ip, endpoint->ip}, .port = endpoint->port, .host = {}});
  return std::nullopt;
}

std::optional<WishFault> Matcher::compile_gateway(const directory::Directory& directory) {
  const std::string& name = wish_.gateway;
  if (name.empty()) return std::nullopt;
  bool known = false;
  for (const directory::IngressGateway& gateway : directory.ingress_gateways()) {
    if (gateway.name != name) continue;
    known = true;
    for (const AddressRange& range : gateway.remote_ips) gateway_.push_back({range, 0, {}});
    if (gateway.register_type == directory::RegisterType::Dynamic) terminal_ = name;
  }
  for (const directory::EgressGateway& gateway : directory.egress_gateways()) {
    if (gateway.name != name) continue;
    known = true;
    if (gateway.registers()) {
      terminal_ = name;
      continue;
    }
    add_places(gateway.remote_ips, gateway.signal_port);
    const auto* over = directory.registration_of(gateway);
    if (gateway.remote_ips.empty() && over != nullptr) add_places(*over);
  }
  for (const directory::OutboundRegistration& each : directory.outbound_registrations()) {
    if (each.name != name) continue;
    known = true;
    add_places(each);
  }
  if (const directory::Phone* phone = directory.phone_by_number(name)) {
    known = true;
    terminal_ = phone->name;
  }
  if (known) return std::nullopt;
  return WishFault{"gateway", name, "there is no gateway, phone or registration of this name"};
}

void Matcher::add_places(const std::vector<directory::GatewayAddress>& addresses,
                         std::uint16_t port) {
  for (const directory::GatewayAddress& each : addresses) {
    if (each.ip.none()) {
      gateway_.push_back({{}, 0, each.host});
    } else {
      gateway_.push_back({{each.ip, each.ip}, each.port == 0 ? port : each.port, {}});
    }
  }
}

// Where it registers: known by the address, or by the domains in its messages.
void Matcher::add_places(const directory::OutboundRegistration& registration) {
  for (const std::string* host :
       {&registration.server, &registration.host, &registration.sip_proxy.host}) {
    if (host->empty()) continue;
    if (const auto ip = IpAddress::parse(*host)) {
      gateway_.push_back({{*ip, *ip}, 0, {}});
    } else {
      gateway_.push_back({{}, 0, *host});
    }
  }
}

std::optional<WishFault> Matcher::compile_statuses() {
  for (const std::string& text : wish_.statuses) {
    const auto exact = to_number<int>(text);
    const bool of_class = text.size() == 3 && text[0] >= '1' && text[0] <= '6' &&
                          equal_ignoring_case(std::string_view(text).substr(1), "xx");
    if (of_class) {
      const int first = (text[0] - '0') * 100;
      statuses_.push_back({first, first + 99});
    } else if (exact && *exact >= 100 && *exact <= 699) {
      statuses_.push_back({*exact, *exact});
    } else {
      return WishFault{"status", text, "must be a status from 100 to 699 or a class like 4xx"};
    }
  }
  return std::nullopt;
}

void Matcher::compile_headers() {
  for (const std::string& text : wish_.headers) {
    const std::size_t equals = std::min(text.find('='), text.size());
    const std::string name(trim(std::string_view(text).substr(0, equals)));
    headers_.push_back({sip::header_id(name), name,
                        equals == text.size() ? std::string() : text.substr(equals + 1)});
  }
}

bool Matcher::parse(const Traced& traced, sip::Message& message) {
  const sip::ParseError fault = sip::parse(traced.bytes, message);
  // A faulty message may have what is looked for too.
  return fault.kind != sip::ParseErrorKind::KeepAlive && fault.kind != sip::ParseErrorKind::NotSip;
}

unsigned Matcher::fulfilled(const Traced& traced, const sip::Message& message) const {
  unsigned bits = 0;
  if ((call_bits_ & kFlow) != 0 && std::int64_t(traced.call) == wish_.flow_no) bits |= kFlow;
  if ((call_bits_ & kCallId) != 0 && message.call_id() == wish_.call_id) bits |= kCallId;
  if ((call_bits_ & kNumber) != 0 && has_number(message, wish_.number)) bits |= kNumber;
  if ((call_bits_ & kAddress) != 0 && at_place(traced, message, address_)) bits |= kAddress;
  if ((call_bits_ & kGateway) != 0 &&
      (at_place(traced, message, gateway_) || of_terminal(message))) {
    bits |= kGateway;
  }
  return bits;
}

bool Matcher::at_place(const Traced& traced, const sip::Message& message,
                       const std::vector<Place>& places) const {
  const Endpoint& peer = traced.path.peer;
  return std::any_of(places.begin(), places.end(), [&](const Place& place) {
    if (!place.host.empty()) {
      return (message.is_request() &&
              equal_ignoring_case(message.request_uri().host, place.host)) ||
             has_host(message.from().uri_text, place.host) ||
             has_host(message.to().uri_text, place.host);
    }
    // A peer that connects to us does so from any port.
    return place.range.contains(peer.ip) &&
           (place.port == 0 || place.port == peer.port || traced.path.reliable());
  });
}

// What registers may be anywhere: it says who it is, as the switch itself believes it.
bool Matcher::of_terminal(const sip::Message& message) const {
  if (terminal_.empty()) return false;
  if (has_user(message.from().uri_text, terminal_) || has_user(message.to().uri_text, terminal_)) {
    return true;
  }
  for (const auto id : {sip::HeaderId::Authorization, sip::HeaderId::ProxyAuthorization}) {
    const auto given = sip::parse_digest(message.value(id));
    if (given && given->username == terminal_) return true;
  }
  sip::ValueWalker contacts(message, sip::HeaderId::Contact);
  if (!message.is_request() || !contacts.next()) return false;
  const auto contact = sip::parse_name_address(contacts.value());
  return contact && has_user(contact->uri_text, terminal_);
}

bool Matcher::fits(const Traced& traced, const sip::Message& message, bool is_sip) const {
  if (wish_.keep_alive && is_sip) return false;
  if (!wish_.payload.empty() && !contains(traced.bytes, wish_.payload)) return false;
  if (!is_sip) return wish_.methods.empty() && statuses_.empty() && headers_.empty();
  const std::string_view method = message.cseq().method_text;
  const auto same_method = [&](const std::string& each) {
    return equal_ignoring_case(each, method);
  };
  if (!wish_.methods.empty() &&
      std::none_of(wish_.methods.begin(), wish_.methods.end(), same_method)) {
    return false;
  }
  const auto in_range = [&](const Status& each) {
    return message.is_response() && message.status() >= each.first && message.status() <= each.last;
  };
  if (!statuses_.empty() && std::none_of(statuses_.begin(), statuses_.end(), in_range)) {
    return false;
  }
  return std::all_of(headers_.begin(), headers_.end(),
                     [&](const Header& each) { return has_header(message, each); });
}

bool Matcher::has_header(const sip::Message& message, const Header& header) const {
  for (const sip::HeaderField& field : message.headers()) {
    const bool same = header.id == sip::HeaderId::Unknown
                          ? equal_ignoring_case(field.name, header.name)
                          : field.id == header.id;
    if (same && contains_ignoring_case(field.value, header.value)) return true;
  }
  return false;
}

}  // namespace tandem::trace
