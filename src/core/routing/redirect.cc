#include "core/routing/redirect.h"

#include <algorithm>

#include "base/text.h"
#include "core/number/cleaning.h"
#include "core/sip/transport.h"
#include "core/sip/uri.h"

namespace tandem::routing {
namespace {

using Kind = RedirectTarget::Kind;

constexpr std::uint16_t kSipPort = 5060;

bool is_one_of(const Endpoint& place, const Redirecting& by) {
  const IpAddress& outside = by.directory.parameters().sip_public_ip;
  return std::ranges::any_of(by.ours, [&](const Endpoint& each) {
    const bool same = each.ip == place.ip || (!outside.none() && outside == place.ip);
    return same && each.port == place.port;
  });
}

bool is_our_domain(std::string_view host, const directory::Parameters& parameters) {
  return std::ranges::any_of(parameters.sip_local_domain, [&](const std::string& domain) {
    return equal_ignoring_case(domain, host);
  });
}

std::string user_of(const sip::Uri& uri) {
  std::string user;
  sip::append_unescaped(user, uri.user_number());
  return user;
}

RedirectTarget to_number(const sip::Uri& uri, const directory::Parameters& parameters) {
  const auto number = number::clean(
      user_of(uri), {parameters.number_strip_chars, parameters.number_plus,
                     parameters.prefix_letters ? number::Letters::Allow : number::Letters::Refuse});
  if (!number.ok() || number->empty()) return {};
  RedirectTarget found;
  found.kind = Kind::Number;
  found.number = *number;
  return found;
}

// The address as it stands, but for the headers, which would be ours to write.
RedirectTarget to_place(std::string_view text, const sip::Uri& uri, std::string place,
                        std::int64_t gateway) {
  std::string user = user_of(uri);
  if (user.empty() || user.size() > number::kMaxNumberLength) return {};
  return {.kind = Kind::Place,
          .number = std::move(user),
          .uri = std::string(text.substr(0, text.find('?'))),
          .place = std::move(place),
          .gateway = gateway};
}

bool can_be_reached(const sip::Uri& uri) {
  if (uri.scheme != sip::Scheme::Sip) return false;
  const auto transport = uri.parameter("transport");
  if (!transport) return true;
  const sip::Transport named = sip::transport_named(*transport);
  return named == sip::Transport::Udp || named == sip::Transport::Tcp ||
         named == sip::Transport::Tls;
}

// Where it leads, whoever says it.
RedirectTarget found_at(std::string_view text, const sip::Uri& uri, const Redirecting& by) {
  const directory::Directory& directory = by.directory;
  if (uri.scheme == sip::Scheme::Tel) return to_number(uri, directory.parameters());
  if (!can_be_reached(uri)) return {};
  const std::string_view host = host_of(uri);
  const auto ip = IpAddress::parse(host);
  if (!ip) {
    if (is_our_domain(host, directory.parameters())) return to_number(uri, directory.parameters());
    const auto* gateway = directory.egress_by_host(host);
    return gateway == nullptr ? RedirectTarget{}
                              : to_place(text, uri, std::string(host), gateway->id);
  }
  const Endpoint place{*ip, uri.port != 0 ? uri.port : kSipPort};
  if (by.gateway != 0 && place == by.called) return to_place(text, uri, place.text(), by.gateway);
  if (is_one_of(place, by)) return to_number(uri, directory.parameters());
  if (const auto* listed = directory.egress_at(place)) {
    return to_place(text, uri, place.text(), listed->id);
  }
  // A port that nobody lists: the one that redirects is meant before others at its address.
  if (by.gateway != 0 && place.ip == by.called.ip) {
    return to_place(text, uri, place.text(), by.gateway);
  }
  const auto* gateway = directory.egress_by_address(place.ip);
  return gateway == nullptr ? RedirectTarget{} : to_place(text, uri, place.text(), gateway->id);
}

std::string unescaped(std::string_view text) {
  std::string plain;
  sip::append_unescaped(plain, text);
  return plain;
}

// What the redirect server says beside the number (17.3).
RedirectTarget with_wishes(RedirectTarget target, const sip::Uri& uri, const Redirecting& by) {
  if (by.gateway != 0 || target.kind == Kind::Refused) return target;
  target.rated = uri.parameter("rate") == "1";
  if (target.kind == Kind::Place) return target;
  if (const auto name = uri.parameter("gw")) {
    const auto* gateway = by.directory.egress_by_name(unescaped(*name));
    if (gateway == nullptr) return {};
    target.gateway = gateway->id;
  }
  if (const auto name = uri.parameter("group")) {
    const auto groups = by.directory.gateway_groups();
    const auto group =
        std::ranges::find(groups, unescaped(*name), &directory::GatewayGroup::name);
    if (group == groups.end()) return {};
    target.group = group->id;
  }
  return target;
}

}  // namespace

std::string_view host_of(const sip::Uri& uri) { return uri.parameter("maddr").value_or(uri.host); }

RedirectTarget target_of(std::string_view text, const Redirecting& by) {
  const auto uri = sip::parse_uri(text);
  if (!uri) return {};
  return with_wishes(found_at(text, *uri, by), *uri, by);
}

}  // namespace tandem::routing
