#include "shell/trace/tracing.h"

#include "base/text.h"

namespace tandem::trace {
namespace {

// The gateway an address belongs to; an ingress gateway by its ranges, an egress gateway by its
// list.
std::string name_of_peer(const directory::Directory& directory, const std::string& address,
                         PeerRole role) {
  const auto endpoint = Endpoint::parse(address, 5060);
  if (!endpoint) return {};
  if (role == PeerRole::Called) {
    const directory::EgressGateway* gateway = directory.egress_by_address(endpoint->ip);
    return gateway == nullptr ? std::string() : gateway->name;
  }
  std::vector<const directory::IngressGateway*> found;
  directory.ingress_by_address(endpoint->ip, found);
  return found.empty() ? std::string() : found.front()->name;
}

// Of what registers, and of a platform we register at.
std::string name_without_address(const directory::Directory& directory, const Leg& leg) {
  if (const auto* phone = directory.phone_by_number(leg.peer_user)) return phone->name;
  const auto* named = leg.we_called ? nullptr : directory.ingress_by_name(leg.peer_user);
  if (named != nullptr && named->register_type == directory::RegisterType::Dynamic) {
    return named->name;
  }
  const auto* called = leg.we_called ? nullptr : directory.egress_by_name(leg.peer_user);
  if (called != nullptr && called->registers()) {
    return called->name;
  }
  const auto endpoint = Endpoint::parse(leg.peer, 0);
  const auto is_there = [&](const directory::OutboundRegistration& over) {
    const auto ip = IpAddress::parse(over.server);
    return equal_ignoring_case(over.domain(), leg.peer_host) ||
           (ip && endpoint && *ip == endpoint->ip);
  };
  if (!leg.we_called) {
    for (const directory::OutboundRegistration& over : directory.outbound_registrations()) {
      const auto* gateway = directory.ingress_gateway(over.ingress_gateway);
      if (gateway != nullptr && is_there(over)) return gateway->name;
    }
    return {};
  }
  for (const directory::EgressGateway& gateway : directory.egress_gateways()) {
    const auto* over = directory.registration_of(gateway);
    if (over != nullptr && is_there(*over)) return gateway.name;
  }
  return {};
}

}  // namespace

Tracing::Tracing(Parts parts)
    : parts_(std::move(parts)),
      debug_traces_({parts_.ring, parts_.listeners, parts_.folder, parts_.now}) {
  use(parts_.directory()->parameters());
}

void Tracing::use(const directory::Parameters& parameters) {
  keep_ = std::chrono::hours(parameters.trace_keep_hours);
  longest_ = std::chrono::minutes(parameters.debug_trace_max_minutes);
  debug_traces_.keep_for(keep_.load());
}

milliseconds Tracing::longest() const { return longest_.load(); }

Result<std::vector<Entry>, WishFault> Tracing::find(const Wish& wish, const Page& page) const {
  auto matcher = Matcher::compile(wish, *parts_.directory());
  if (!matcher.ok()) return Failure{matcher.error()};
  Page kept = page;
  kept.not_before = std::max(page.not_before, parts_.now() - keep_.load());
  return find_messages(parts_.ring, std::move(matcher).value(), kept, parts_.listeners);
}

Result<std::shared_ptr<Follow>, WishFault> Tracing::follow(const Wish& wish,
                                                           std::uint64_t after) const {
  auto matcher = Matcher::compile(wish, *parts_.directory());
  if (!matcher.ok()) return Failure{matcher.error()};
  if (after == 0 && !wish.restricts_calls()) after = parts_.ring.newest();
  return std::make_shared<Follow>(parts_.ring, parts_.listeners,
                                  Catcher(std::move(matcher).value(), after));
}

Result<DebugTrace, WishFault> Tracing::start(const Wish& wish, const TraceOrder& order) {
  auto matcher = Matcher::compile(wish, *parts_.directory());
  if (!matcher.ok()) return Failure{matcher.error()};
  auto started = debug_traces_.start(std::move(matcher).value(), order);
  if (!started.ok()) return Failure{WishFault{"", "", started.error()}};
  return std::move(started).value();
}

std::uint64_t Tracing::read_sessions(Sessions& sessions, UtcTime from) const {
  const UtcTime begin = std::max(from, parts_.now() - keep_.load());
  const auto message = std::make_unique<sip::Message>();
  std::uint64_t count = 0;
  parts_.ring.read(0, [&](std::uint64_t, const Traced& traced) {
    if (traced.time < begin) return true;
    ++count;
    if (Matcher::parse(traced, *message) && !message->call_id().empty()) {
      sessions.read({traced.time, std::int64_t(traced.call), traced.sent,
                     traced.path.peer.text(), *message});
    }
    return true;
  });
  return count;
}

std::string Tracing::device_of(const Leg& leg) const {
  const auto directory = parts_.directory();
  const PeerRole role = leg.we_called ? PeerRole::Called : PeerRole::Calls;
  const std::string by_address = name_of_peer(*directory, leg.peer, role);
  return by_address.empty() ? name_without_address(*directory, leg) : by_address;
}

std::string Tracing::ladder(const std::vector<Entry>& entries) const {
  const auto names = parts_.directory();
  return ladder_text(entries, [&](const std::string& address, PeerRole role) {
    return name_of_peer(*names, address, role);
  });
}

}  // namespace tandem::trace
