#include <algorithm>
#include <array>

#include "sim/climate.h"

namespace tandem::sim {
namespace {

using directory::EgressGateway;
using directory::IngressGateway;

Endpoint endpoint(const std::string& text) { return *Endpoint::parse(text, 5060); }

Temper drawn_temper(Draw& draw) {
  static constexpr std::array kTempers{Temper::Polite, Temper::Slow, Temper::Fickle, Temper::Fickle,
                                       Temper::Rude,   Temper::Rude, Temper::Silent};
  return draw.pick(kTempers);
}

Host& add_host(Population& people, Draw& draw, const std::string& ip4, int last, Temper temper,
               bool may_differ) {
  Host host;
  host.number = int(people.hosts.size());
  host.temper = temper;
  const auto listeners = switch_listeners();
  std::size_t local = 0;
  if (may_differ && draw.percent(20)) {
    local = std::size_t(draw.between(1, int(listeners.size()) - 1));
  }
  host.transport = listeners[local].transport;
  host.local = std::uint16_t(local);
  host.switch_address = listeners[local].address;
  host.address = host.switch_address.ip.is_v6()
                     ? endpoint("[2001:db8:1::" + std::to_string(300 + host.number) + "]:5060")
                     : endpoint(ip4 + std::to_string(last) + ":5060");
  return people.hosts.emplace_back(std::move(host));
}

EgressGateway& add_egress(Population& people, const std::string& name, const Host& host,
                          std::vector<std::string> prefixes, int priority) {
  EgressGateway gateway;
  gateway.id = std::int64_t(100 + people.source.egress_gateways.size());
  gateway.name = name;
  gateway.priority = priority;
  gateway.prefixes = std::move(prefixes);
  gateway.transport =
      host.stream() ? directory::SignalTransport::Tcp : directory::SignalTransport::Udp;
  gateway.remote_ips.push_back({host.address.ip.text(), host.address.ip, host.address.port});
  return people.source.egress_gateways.emplace_back(std::move(gateway));
}

void add_customers(Population& people, Draw& draw) {
  const int count = draw.between(2, 5);
  for (int i = 0; i < count; ++i) {
    const Temper temper = i == 0 ? Temper::Polite : drawn_temper(draw);
    const Host& host = add_host(people, draw, "203.0.113.", 10 + i,
                                temper == Temper::Silent ? Temper::Slow : temper, true);
    people.customers.push_back(host.number);
    IngressGateway gateway;
    gateway.id = 1 + i;
    gateway.name = "customer" + std::to_string(i);
    gateway.remote_ips.push_back({host.address.ip, host.address.ip});
    gateway.sip_100rel = true;
    if (draw.percent(20)) gateway.pass_headers = {"X-Tracking"};
    people.source.ingress_gateways.push_back(std::move(gateway));
  }
}

void add_carriers(Population& people, Draw& draw) {
  // 44: who is polite answers. 45: polite, may refuse. 99: anybody. 66: reached by name.
  for (int i = 0; i < 2; ++i) {
    const Host& host = add_host(people, draw, "198.51.100.", 10 + i, Temper::Polite, i == 1);
    people.carriers.push_back(host.number);
    add_egress(people, "polite" + std::to_string(i), host, {"44", "45"}, 10 + i);
  }
  const int count = draw.between(2, 5);
  for (int i = 0; i < count; ++i) {
    const Host& host = add_host(people, draw, "198.51.100.", 20 + i, drawn_temper(draw), true);
    people.carriers.push_back(host.number);
    EgressGateway& gateway =
        add_egress(people, "carrier" + std::to_string(i), host, {"99", "9" + std::to_string(i), ""},
                   10 * draw.between(1, 3));
    if (draw.percent(30)) gateway.prefix_style = directory::PrefixStyle::Continue;
    if (draw.percent(20)) gateway.switch_until_connect = directory::SystemSwitch::Allow;
    if (draw.percent(20)) gateway.capacity = draw.between(1, 4);
    if (draw.percent(10)) gateway.sip_100rel = false;
  }
  const Host& named = people.hosts[std::size_t(
      people.carriers[std::size_t(draw.between(0, int(people.carriers.size()) - 1))])];
  EgressGateway& by_name = add_egress(people, "byname", named, {"66"}, 10);
  by_name.remote_ips = {{"carrier" + std::to_string(named.number) + ".example", IpAddress{}, 0}};
  if (draw.percent(50)) {
    by_name.remote_ips.push_back({named.address.ip.text(), named.address.ip, named.address.port});
  }
  // 88: nobody is there, sometimes with a second address where somebody is.
  Host& dead = add_host(people, draw, "198.51.100.", 80, Temper::Silent, false);
  dead.unreachable = draw.percent(60);
  dead.down = true;
  EgressGateway& nowhere = add_egress(people, "nowhere", dead, {"88"}, 10);
  if (draw.percent(50)) {
    const Host& alive = people.hosts[std::size_t(people.carriers.front())];
    nowhere.remote_ips.push_back({alive.address.ip.text(), alive.address.ip, alive.address.port});
  }
}

// 55: the route leads back to the switch itself.
void add_loop(Population& people) {
  const Endpoint self = switch_listeners().front().address;
  Host mirror;
  mirror.address = self;
  add_egress(people, "mirror", mirror, {"55"}, 10);
  IngressGateway gateway;
  gateway.id = 50;
  gateway.name = "from-mirror";
  gateway.remote_ips.push_back({self.ip, self.ip});
  people.source.ingress_gateways.push_back(std::move(gateway));
}

}  // namespace

std::vector<Listener> switch_listeners() {
  return {{sip::Transport::Udp, endpoint("192.0.2.10:5060")},
          {sip::Transport::Tcp, endpoint("192.0.2.10:5060")},
          {sip::Transport::Udp, endpoint("192.0.2.11:6060")},
          {sip::Transport::Udp, endpoint("[2001:db8::10]:5060")}};
}

Population draw_population(Draw& draw, const Climate& climate) {
  Population people;
  people.source.number = 1;
  people.source.parameters = *directory::build_parameters(draw_parameters(draw, climate));
  people.source.accounts.push_back({});
  people.source.accounts.back().id = 7;
  people.source.accounts.back().name = "acme";
  add_customers(people, draw);
  people.source.ingress_gateways.front().account = 7;
  add_carriers(people, draw);
  add_loop(people);
  const int strangers = draw.between(0, 2);
  for (int i = 0; i < strangers; ++i) {
    people.scanners.push_back(
        add_host(people, draw, "203.0.113.", 200 + i, Temper::Scanner, true).number);
  }
  people.prefixes = {"44", "44", "45", "99", "99", "9", "66", "88", "55"};
  return people;
}

void edit(Draw& draw, const directory::Directory::Source& original,
          directory::Directory::Source& source) {
  ++source.number;
  auto& egress = source.egress_gateways;
  auto& ingress = source.ingress_gateways;
  // What is counted of vendors' gateways wants them to stay as they are.
  const auto others = std::uint64_t(std::ranges::count_if(
      egress, [](const EgressGateway& each) { return each.id < kFirstVendor; }));
  const auto toggled = [&](directory::Lock& lock) {
    lock = lock == directory::Lock::None && draw.percent(30) ? directory::Lock::All
                                                             : directory::Lock::None;
  };
  switch (draw.between(0, 7)) {
    case 0:
      if (others > 2) egress.erase(egress.begin() + std::ptrdiff_t(draw.below(others)));
      break;
    case 1:
      egress = original.egress_gateways;
      break;
    case 2:
      toggled(egress[std::size_t(draw.below(others))].lock_type);
      break;
    case 3:
      toggled(ingress[std::size_t(draw.below(ingress.size()))].lock_type);
      break;
    case 4:
      egress[std::size_t(draw.below(others))].capacity = draw.between(0, 3);
      break;
    case 5:
      ingress[std::size_t(draw.below(ingress.size()))].capacity = draw.between(0, 5);
      break;
    case 6:
      egress[std::size_t(draw.below(others))].priority = draw.between(1, 20);
      break;
    default:
      source.parameters.gateway_switch_limit = draw.between(0, 3);
      source.parameters.sip_reason_header = directory::ReasonHeader(draw.between(0, 3));
      source.parameters.call_capacity = draw.percent(50) ? 0 : draw.between(1, 10);
      break;
  }
}

}  // namespace tandem::sim
