#include "core/leg/signal_transport.h"

#include "core/sip/headers.h"
#include "core/sip/uri.h"

namespace tandem::leg {
namespace {

// RFC 3261 §26.2.2: a SIPS URI is reached over TLS, whatever transport stands below it.
sip::Transport transport_of(const sip::Uri& uri, sip::Transport usual) {
  const auto named = uri.parameter("transport");
  const sip::Transport known = named ? sip::transport_named(*named) : sip::Transport::Unknown;
  // RFC 7118 §5: "ws" names both, and only the connection that is there tells which.
  if (sip::is_web_socket(usual) && (!named || sip::is_web_socket(known))) return usual;
  const bool sips = uri.scheme == sip::Scheme::Sips;
  if (sips && (known == sip::Transport::Tcp || known == sip::Transport::Unknown)) {
    return sip::Transport::Tls;
  }
  return known == sip::Transport::Unknown ? usual : known;
}

// Stays on the connection the peer is spoken to on.
bool keeps_connection(const sip::Path& like, const sip::Path& named) {
  if (like.connection == 0) return false;
  return like.transport == sip::Transport::Tls && named.transport == sip::Transport::Tls &&
         named.peer.ip == like.peer.ip;
}

}  // namespace

sip::Transport transport_of(directory::SignalTransport transport) {
  switch (transport) {
    case directory::SignalTransport::Udp:
      return sip::Transport::Udp;
    case directory::SignalTransport::Tcp:
      return sip::Transport::Tcp;
    case directory::SignalTransport::Tls:
      return sip::Transport::Tls;
    case directory::SignalTransport::Wss:
      return sip::Transport::Wss;
  }
  return sip::Transport::Udp;
}

std::optional<std::uint16_t> local_for(std::span<const LocalAddress> locals, const sip::Path& path,
                                       const IpAddress& wanted_ip, std::uint16_t wanted_port) {
  std::optional<std::uint16_t> found;
  for (std::size_t i = 0; i < locals.size(); ++i) {
    const LocalAddress& local = locals[i];
    if (local.transport != path.transport) continue;
    const IpAddress& ip = local.address.ip;
    // A wildcard of IPv6 reaches both families.
    const bool family = ip.is_v4() == path.peer.ip.is_v4() || (ip.is_v6() && ip.is_any());
    if (!family) continue;
    if (!wanted_ip.none() && ip != wanted_ip && !ip.is_any()) continue;
    if (wanted_port != 0 && local.address.port != wanted_port) continue;
    // A loopback address reaches only loopback peers, and is the better one for them.
    const bool near = ip.is_any() || ip.is_loopback() == path.peer.ip.is_loopback();
    if (near) return std::uint16_t(i);
    if (!found) found = std::uint16_t(i);
  }
  return found;
}

sip::Path path_of_dialog(std::string_view routes, std::string_view target, const sip::Path& like,
                         std::span<const LocalAddress> locals) {
  if (sip::is_web_socket(like.transport)) return like;
  const std::string_view first = routes.substr(0, routes.find(", "));
  const auto route = first.empty() ? std::nullopt : sip::parse_name_address(first);
  const auto named = path_to(route ? route->uri_text : target, like, locals);
  return !named || keeps_connection(like, *named) ? like : *named;
}

std::optional<sip::Path> path_to(std::string_view uri_text, const sip::Path& like,
                                 std::span<const LocalAddress> locals) {
  const auto uri = sip::parse_uri(uri_text);
  if (!uri) return std::nullopt;
  const auto maddr = uri->parameter("maddr");
  const auto ip = IpAddress::parse(maddr.value_or(uri->host));
  if (!ip) return std::nullopt;
  sip::Path path;
  path.transport = transport_of(*uri, like.transport);
  path.local = like.local;
  path.peer = {*ip, sip::port_at(path.transport, uri->port)};
  if (path.transport == like.transport) {
    if (path.peer == like.peer) path.connection = like.connection;
    return path;
  }
  // Another transport leaves from another of our addresses, the one beside `like` when there is
  // one.
  const IpAddress here = like.local < locals.size() ? locals[like.local].address.ip : IpAddress{};
  auto local = local_for(locals, path, here, 0);
  if (!local) local = local_for(locals, path, {}, 0);
  if (!local) return std::nullopt;
  path.local = *local;
  return path;
}

}  // namespace tandem::leg
