// Registered contacts, as they are kept reachable through NAT and as operators see them.

#include "core/exchange/state.h"
#include "core/sip/headers.h"

namespace tandem::exchange {
namespace {

constexpr std::uint16_t kUsualPort = 5060;

// Its Contact names another address than its REGISTER came from; a name may stand for any.
bool behind_nat(const registrar::Binding& binding) {
  const auto uri = sip::parse_uri(binding.contact());
  const auto ip = uri ? IpAddress::parse(uri->host) : std::nullopt;
  if (!ip || *ip != binding.path.peer.ip) return true;
  const std::uint16_t port = uri->port != 0 ? uri->port : kUsualPort;
  return !binding.path.reliable() && port != binding.path.peer.port;
}

directory::DeviceRef device_of(const registrar::Subscriber& who) {
  using directory::DeviceKind;
  using registrar::Subscriber;
  switch (who.kind) {
    case Subscriber::Kind::Phone:
      return {DeviceKind::Phone, who.id};
    case Subscriber::Kind::IngressGateway:
      return {DeviceKind::Ingress, who.id};
    case Subscriber::Kind::EgressGateway:
      return {DeviceKind::Egress, who.id};
  }
  return {};
}

std::string_view kind_of(directory::DeviceKind kind) {
  using directory::DeviceKind;
  if (kind == DeviceKind::Phone) return "phone";
  return kind == DeviceKind::Ingress ? "ingress" : "egress";
}

std::string_view state_of(const keepalive::Terminal& terminal) {
  if (!terminal.online) return "offline";
  return terminal.unreachable ? "unreachable" : "online";
}

}  // namespace

keepalive::Contact Exchange::State::contact_of(const registrar::Binding& binding) const {
  return {.path = binding.path, .behind_nat = behind_nat(binding)};
}

// Every registered contact gets keep-alives from when it registers until it is gone
// (session-timer.md 8).
void Exchange::State::keep_reachable(const registrar::Change& change) {
  using registrar::ChangeKind;
  if (change.id.slot >= registered_contacts.size()) registered_contacts.resize(change.id.slot + 1);
  keepalive::ContactId& contact = registered_contacts[change.id.slot];
  const registrar::Binding* binding = registrar.find(change.id);
  if (change.kind == ChangeKind::Removed) {
    keep_alive.remove(contact);
    contact = {};
  } else if (binding == nullptr) {
    return;  // gone again; that comes next
  } else if (contact != keepalive::ContactId{}) {
    keep_alive.move(now.mono, contact, contact_of(*binding));
  } else {
    contact = keep_alive.add(now.mono, contact_of(*binding), rng);
    // Connections did not outlive the process before.
    if (change.kind == ChangeKind::Adopted) keep_alive.lost(binding->path);
  }
}

RegistrationView Exchange::State::view(registrar::BindingId id,
                                       const registrar::Binding& binding) const {
  RegistrationView view;
  view.number = std::uint64_t(id.slot) + 1;
  const directory::DeviceRef device = device_of(binding.subscriber);
  view.kind = kind_of(device.kind);
  if (const auto* known = settings->directory->device(device)) view.user = known->name;
  view.contact = binding.contact();
  view.route = binding.route();
  view.source = std::string(sip::name_of(binding.path.transport)) + ':' + binding.path.peer.text();
  view.user_agent = binding.user_agent();
  view.since = binding.since;
  view.updated = binding.updated;
  view.expires = binding.expires;
  view.updates = binding.updates;
  view.q = binding.q;
  view.nat = behind_nat(binding);
  if (id.slot >= registered_contacts.size()) return view;
  if (const auto terminal = keep_alive.terminal(registered_contacts[id.slot])) {
    const auto wall = [&](Instant at) {
      return at == Instant{} ? UtcTime{} : now.wall - (now.mono - at);
    };
    view.state = state_of(*terminal);
    view.heard = wall(terminal->heard);
    view.kept_alive = wall(terminal->sent);
  }
  return view;
}

}  // namespace tandem::exchange
