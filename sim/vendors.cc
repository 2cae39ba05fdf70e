#include "sim/vendors.h"

#include <array>

#include "sim/climate.h"

namespace tandem::sim {
namespace {

using directory::EgressGateway;

const char* const kNowhere = "<sip:NUMBER@198.18.0.9>";
const char* const kSwitch = "<sip:NUMBER@192.0.2.10>";

std::string at(const Host& host) { return "<sip:NUMBER@" + host.address.text() + ">"; }

Host& add_host(Population& people, const std::string& ip) {
  Host host;
  host.number = int(people.hosts.size());
  host.address = *Endpoint::parse(ip + ":5060", 5060);
  host.switch_address = switch_listeners().front().address;
  return people.hosts.emplace_back(std::move(host));
}

Vendor draw_vendor(Draw& draw) {
  static constexpr std::array kRefusals{403, 404, 480, 486, 500, 503, 603};
  Vendor vendor;
  vendor.habit = Habit(draw.between(1, 5));
  vendor.good = draw.between(5000ms, 90'000ms);
  vendor.bad = draw.percent(15) ? 0ms : draw.between(2000ms, 60'000ms);
  vendor.retry_after = draw.percent(80) ? draw.between(1, 90) : 0;
  vendor.rate = draw.between(1, 3);
  vendor.status = vendor.habit == Habit::Banning ? 503 : draw.pick(kRefusals);
  return vendor;
}

// A circle, or one that is sent to itself, to the switch, to who is no gateway.
void send_about(Population& people, Draw& draw, const std::vector<int>& hosts) {
  static constexpr std::array kStatuses{300, 301, 302, 305, 380};
  for (const int number : hosts) {
    Vendor& vendor = people.hosts[std::size_t(number)].vendor;
    if (vendor.habit != Habit::Sending) continue;
    vendor.status = draw.pick(kStatuses);
    for (int count = draw.between(0, 3); count > 0; --count) {
      const Host& other = people.hosts[std::size_t(draw.pick(hosts))];
      vendor.contacts.push_back(draw.percent(70)   ? at(other)
                                : draw.percent(50) ? kNowhere
                                                   : kSwitch);
    }
  }
}

void draw_gateway(Draw& draw, EgressGateway& gateway) {
  using directory::SystemFlag;
  gateway.priority = draw.between(1, 2);
  gateway.prefix_style = directory::PrefixStyle::Continue;
  if (draw.percent(40)) gateway.capacity = draw.between(1, 4);
  if (draw.percent(30)) gateway.max_call_rate = draw.between(1, 4);
  if (draw.percent(20)) gateway.max_call_rate_unit = directory::RateUnit::Minute;
  if (draw.percent(40)) gateway.weight = draw.between(1, 3);
  if (draw.percent(40)) gateway.throttle_above = draw.between(1, 90);
  if (draw.percent(20)) gateway.trial_share = draw.between(1, 40);
  gateway.protect = draw.percent(15);
  gateway.options_check = draw.percent(60);
  if (draw.percent(60)) gateway.calculate_route_quality = SystemFlag::On;
  if (draw.percent(20))
    gateway.honour_retry_after = draw.percent(50) ? SystemFlag::On : SystemFlag::Off;
  if (draw.percent(20)) gateway.redirect_mode = directory::RedirectMode(draw.between(1, 3));
}

void add_groups(directory::Directory::Source& source, Draw& draw) {
  for (int count = draw.between(0, 2); count > 0; --count) {
    directory::GatewayGroup& group = source.gateway_groups.emplace_back();
    group.id = std::int64_t(source.gateway_groups.size());
    group.name = "group" + std::to_string(group.id);
    group.capacity = draw.percent(80) ? draw.between(1, 6) : 0;
  }
}

void join_groups(const directory::Directory::Source& source, Draw& draw, EgressGateway& gateway) {
  for (const directory::GatewayGroup& group : source.gateway_groups)
    if (draw.percent(50)) gateway.groups.push_back({group.id, draw.between(0, 2)});
}

// Of the servers that are asked: sensible, silent, a liar, in a circle, refusing, or taking the
// call.
Vendor draw_server(Draw& draw, std::vector<std::string> sensible) {
  Vendor server;
  server.habit = Habit::Sending;
  server.bad = 1ms;  // always
  server.status = 302;
  switch (draw.between(0, 6)) {
    case 0:
    case 1:
      server.contacts = std::move(sensible);
      break;
    case 2:
      server.habit = Habit::Dying;
      break;
    case 3:
      server.contacts = {kSwitch, kNowhere, "<mailto:a@b.example>", "nonsense",
                         "<sip:NUMBER@192.0.2.10;gw=nobody>"};
      break;
    case 4:
      server.status = draw.percent(50) ? 404 : 503;
      break;
    case 5:
      server.habit = Habit::None;  // it answers, in its own time
      break;
    default:
      server.good = draw.between(5000ms, 60'000ms);
      server.bad = draw.between(5000ms, 60'000ms);
      server.contacts = {kSwitch};
      break;
  }
  return server;
}

void add_servers(Population& people, Draw& draw, const std::vector<int>& vendors) {
  directory::Parameters& parameters = people.source.parameters;
  const std::string some = at(people.hosts[std::size_t(draw.pick(vendors))]);
  if (draw.percent(50)) {
    Host& server = add_host(people, "198.51.100.70");
    server.vendor = draw_server(draw, {"<sip:NUMBER@192.0.2.10;gw=vendor0>", some});
    people.servers.push_back(server.number);
    parameters.external_redirect_server_ip = server.address.ip.text();
    parameters.external_redirect_transport = directory::RedirectTransport::Udp;
  }
  if (draw.percent(50)) {
    Host& server = add_host(people, "198.51.100.71");
    server.vendor = draw_server(draw, {"<sip:NUMBER;rn=7799@198.51.100.71>"});
    people.servers.push_back(server.number);
    parameters.lrn_server_ip = server.address.ip.text();
    parameters.lrn_query_length = 10;  // whole numbers: they name the call
  }
  for (auto& ingress : people.source.ingress_gateways) {
    // Whose calls must succeed when they go to who is polite.
    if (ingress.name == "customer0" || ingress.name == "from-mirror") continue;
    ingress.external_redirect = draw.percent(50);
    ingress.lrn_enable = draw.percent(50);
    ingress.lrn_failure_action = directory::LrnFailure(draw.between(0, 1));
  }
}

}  // namespace

bool Vendor::is_bad(Instant now) const {
  if (habit == Habit::None || bad == 0ms) return false;
  return now.time_since_epoch() % (good + bad) >= good;
}

int Vendor::refuses(Instant now) {
  if (habit == Habit::Throttling) {
    const Instant current{now.time_since_epoch() / 1000ms * 1000ms};
    if (current != second) calls = 0;
    second = current;
    return ++calls > rate ? 503 : 0;
  }
  return is_bad(now) && habit != Habit::Dying ? status : 0;
}

void add_vendors(Population& people, Draw& draw) {
  directory::Parameters& parameters = people.source.parameters;
  // An answer to OPTIONS is a sign of life, whatever else is drawn.
  parameters.sip_options_check_ok_codes = directory::Parameters().sip_options_check_ok_codes;
  parameters.gateway_asr_sort = directory::SortPlace(draw.between(0, 5));
  if (draw.percent(30)) parameters.sip_options_check_period = seconds(draw.between(5, 30));
  add_groups(people.source, draw);
  std::vector<int> hosts;
  const int count = draw.between(3, 6);
  for (int i = 0; i < count; ++i) {
    EgressGateway gateway;
    gateway.id = kFirstVendor + i;
    gateway.name = "vendor" + std::to_string(i);
    gateway.prefixes = {kVendorPrefix};
    draw_gateway(draw, gateway);
    join_groups(people.source, draw, gateway);
    for (int addresses = draw.percent(25) ? 2 : 1; addresses > 0; --addresses) {
      Host& host = add_host(people, "198.51.100." + std::to_string(100 + people.hosts.size()));
      host.vendor = draw_vendor(draw);
      hosts.push_back(host.number);
      people.vendors[host.number] = gateway.id;
      gateway.remote_ips.push_back({host.address.ip.text(), host.address.ip, host.address.port});
    }
    people.source.egress_gateways.push_back(std::move(gateway));
  }
  send_about(people, draw, hosts);
  add_servers(people, draw, hosts);
  for (int i = 0; i < 6; ++i) people.prefixes.emplace_back(kVendorPrefix);
}

}  // namespace tandem::sim
