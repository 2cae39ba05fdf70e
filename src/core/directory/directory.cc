// Compiling a Directory and looking things up in it. The address ranges of ingress gateways stand in
// an interval tree.
#include "core/directory/directory.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory_resource>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/text.h"
#include "core/directory/name_index.h"
#include "core/directory/number_rules.h"
#include "core/directory/number_tables.h"
#include "core/directory/routing_tags.h"

namespace tandem::directory {
namespace {

using Ranks = std::pmr::vector<std::uint32_t>;

std::string lower_case(std::string_view text) {
  std::string made(text);
  std::ranges::transform(made, made.begin(), lower);
  return made;
}

// Address ranges sorted by their first address, seen as a binary tree: the root of [begin, end) is
// its middle, and knows the highest last address beneath it.
class RangeTree {
 public:
  struct Entry {
    AddressRange range;
    std::uint32_t rank;  // what it stands for
    IpAddress highest;
  };

  void add(const AddressRange& range, std::uint32_t rank) {
    entries_.push_back({range, rank, range.last});
  }

  void build() {
    std::ranges::sort(entries_, [](const Entry& a, const Entry& b) {
      return std::tie(a.range, a.rank) < std::tie(b.range, b.rank);
    });
    set_highest(0, entries_.size());
  }

  // The ranks of all ranges that hold the address, in no order.
  void find(const IpAddress& address, Ranks& ranks) const {
    find_in(0, entries_.size(), address, ranks);
  }

 private:
  IpAddress set_highest(std::size_t begin, std::size_t end) {
    if (begin == end) return {};
    const std::size_t middle = begin + (end - begin) / 2;
    Entry& entry = entries_[middle];
    entry.highest =
        std::max({entry.highest, set_highest(begin, middle), set_highest(middle + 1, end)});
    return entry.highest;
  }

  void find_in(std::size_t begin, std::size_t end, const IpAddress& address,
               Ranks& ranks) const {
    if (begin == end) return;
    const std::size_t middle = begin + (end - begin) / 2;
    const Entry& entry = entries_[middle];
    if (entry.highest < address) return;
    find_in(begin, middle, address, ranks);
    if (address < entry.range.first) return;
    // An IPv6 range may span the mapped addresses that stand for IPv4: it does not mean them.
    if (entry.range.contains(address) && entry.range.first.is_v4() == address.is_v4())
      ranks.push_back(entry.rank);
    find_in(middle + 1, end, address, ranks);
  }

  std::vector<Entry> entries_;
};

template <class Entity>
void sort_by_id(std::vector<Entity>& entities) {
  std::ranges::sort(entities, {}, &Entity::id);
  const bool twice = std::ranges::adjacent_find(entities, {}, &Entity::id) != entities.end();
  TANDEM_ASSERT(!twice, "two entities have the same id");
}

void hold(NumberStore& store) {
  store.held = std::make_shared<const HeldNumbers>(store.entries, store.imported);
}

template <class Entity>
const Entity* find_by_id(const std::vector<Entity>& entities, std::int64_t id) {
  const auto found = std::ranges::lower_bound(entities, id, {}, &Entity::id);
  return found != entities.end() && found->id == id ? &*found : nullptr;
}

std::shared_ptr<const TimeZone> zone_named(const std::string& name,
                                           const Directory::Source& source) {
  const auto found = source.time_zones.find(name);
  return found != source.time_zones.end() ? found->second : std::make_shared<const TimeZone>();
}

// Routing looks ids up in them.
void sort_access(Device& caller) {
  std::ranges::sort(caller.egress_groups);
  std::ranges::sort(caller.egress_gateways);
}

}  // namespace

struct Directory::Index {
  explicit Index(const Source& source) {
    rank_ingress(source.ingress_gateways);
    list_egress(source.egress_gateways);
    prefixes = PrefixIndex(source.egress_gateways, source.prefixes);
    phones.build(source.phones);
    ingress_names.build(source.ingress_gateways);
    egress_names.build(source.egress_gateways);
    list_contacts(source.outbound_registrations);
    transforms.build(source.number_transforms);
    areas.build(source.areas, source.number_sections);
  }

  // Every range of every gateway, best first; the tree yields positions in this order.
  void rank_ingress(const std::vector<IngressGateway>& gateways) {
    struct Ranked {
      const IngressGateway* gateway;
      AddressRange range;
    };
    std::vector<Ranked> all;
    for (const IngressGateway& gateway : gateways) {
      if (gateway.register_type != RegisterType::Static) continue;
      for (const AddressRange& range : gateway.remote_ips) all.push_back({&gateway, range});
    }
    const auto place = [](const Ranked& each) {
      return std::tuple(each.gateway->priority, -each.range.common_prefix_bits(), each.gateway->id,
                        each.range);
    };
    std::ranges::sort(all, {}, place);
    for (const Ranked& each : all) {
      ranges.add(each.range, static_cast<std::uint32_t>(ingress_by_rank.size()));
      ingress_by_rank.push_back(each.gateway);
    }
    ranges.build();
  }

  void list_egress(const std::vector<EgressGateway>& gateways) {
    for (const EgressGateway& gateway : gateways) {
      if (gateway.registers()) continue;
      for (const GatewayAddress& address : gateway.remote_ips) {
        const std::uint16_t port = address.port != 0 ? address.port : gateway.signal_port;
        if (address.ip.none()) {
          egress_hosts.emplace_back(lower_case(address.host), &gateway);
        } else {
          egress_addresses.emplace_back(Endpoint{address.ip, port}, &gateway);
          egress_ips.emplace_back(address.ip, &gateway);
        }
      }
    }
    // Stable: of several gateways with the address the lowest id stays in front.
    std::ranges::stable_sort(egress_addresses, {}, &EgressAddress::first);
    std::ranges::stable_sort(egress_ips, {}, &EgressIp::first);
    std::ranges::stable_sort(egress_hosts, {}, &EgressHost::first);
  }

  void list_contacts(const std::vector<OutboundRegistration>& registrations) {
    for (const OutboundRegistration& each : registrations)
      contacts.emplace_back(each.own_contact_user(), &each);
    std::ranges::stable_sort(contacts, {}, &ContactUser::first);
  }

  using ContactUser = std::pair<std::string, const OutboundRegistration*>;
  using EgressIp = std::pair<IpAddress, const EgressGateway*>;
  using EgressAddress = std::pair<Endpoint, const EgressGateway*>;
  using EgressHost = std::pair<std::string, const EgressGateway*>;
  RangeTree ranges;
  std::vector<const IngressGateway*> ingress_by_rank;
  std::vector<EgressAddress> egress_addresses;
  std::vector<EgressIp> egress_ips;
  std::vector<EgressHost> egress_hosts;
  std::vector<ContactUser> contacts;
  PrefixIndex prefixes;
  TransformIndex transforms;
  AreaIndex areas;
  NameIndex phones;
  NameIndex ingress_names;
  NameIndex egress_names;
};

std::shared_ptr<const Directory> Directory::compile(Source source) {
  return std::shared_ptr<const Directory>(new Directory(std::move(source)));
}

Directory::Directory(Source source) : source_(std::move(source)) {
  sort_by_id(source_.accounts);
  sort_by_id(source_.number_groups);
  sort_by_id(source_.number_lists);
  sort_by_id(source_.number_transforms);
  sort_by_id(source_.areas);
  sort_by_id(source_.number_sections);
  for (NumberGroup& group : source_.number_groups)
    if (group.held == nullptr) hold(group);
  for (NumberList& list : source_.number_lists) hold(list);
  sort_by_id(source_.gateway_groups);
  sort_by_id(source_.calendars);
  usual_zone_ = zone_named(source_.parameters.calendar_time_zone, source_);
  for (Calendar& calendar : source_.calendars)
    calendar.zone = calendar.time_zone.empty() ? usual_zone_
                                               : zone_named(calendar.time_zone, source_);
  sort_by_id(source_.ingress_gateways);
  sort_by_id(source_.outbound_registrations);
  sort_by_id(source_.egress_gateways);
  sort_by_id(source_.phones);
  sort_by_id(source_.routing_tag_rules);
  routing_tags_ = std::make_unique<const RoutingTags>(source_);
  for (IngressGateway& gateway : source_.ingress_gateways)
    gateway.rules = rules_of(gateway, source_.parameters, DeviceKind::Ingress);
  for (EgressGateway& gateway : source_.egress_gateways)
    gateway.rules = rules_of(gateway, source_.parameters, DeviceKind::Egress);
  for (Phone& phone : source_.phones)
    phone.rules = rules_of(phone, source_.parameters, DeviceKind::Phone);
  for (IngressGateway& gateway : source_.ingress_gateways)
    if (gateway.compiled == nullptr) gateway.compiled = compile_rules(gateway);
  for (EgressGateway& gateway : source_.egress_gateways)
    if (gateway.compiled == nullptr) gateway.compiled = compile_rules(gateway);
  for (IngressGateway& gateway : source_.ingress_gateways) sort_access(gateway);
  for (Phone& phone : source_.phones) sort_access(phone);
  default_rules_ = rules_of(Device{}, source_.parameters, DeviceKind::None);
  has_terminals_ = !source_.phones.empty() ||
                   std::ranges::any_of(source_.ingress_gateways, [](const IngressGateway& gateway) {
                     return gateway.register_type == RegisterType::Dynamic;
                   }) ||
                   std::ranges::any_of(source_.egress_gateways, &EgressGateway::registers);
  for (const EgressGateway& gateway : source_.egress_gateways)
    egress_briefs_.push_back(EgressBrief::of(gateway, *this));
  index_ = std::make_unique<const Index>(source_);
  source_.prefixes.reset();
}

Directory::~Directory() = default;

const Account* Directory::account(std::int64_t id) const {
  return find_by_id(source_.accounts, id);
}

const NumberGroup* Directory::number_group(std::int64_t id) const {
  return find_by_id(source_.number_groups, id);
}

const NumberList* Directory::number_list(std::int64_t id) const {
  return find_by_id(source_.number_lists, id);
}

const NumberTransform* Directory::transform_of_caller(std::string_view caller,
                                                      std::int64_t account) const {
  return index_->transforms.of_caller(caller, account);
}

const NumberTransform* Directory::transform_of_callee(std::string_view number,
                                                      std::int64_t account) const {
  return index_->transforms.of_callee(number, account);
}

Whereabouts Directory::whereabouts(std::string_view number) const {
  return index_->areas.find(number);
}

const Calendar* Directory::calendar(std::int64_t id) const {
  return find_by_id(source_.calendars, id);
}

const GatewayGroup* Directory::gateway_group(std::int64_t id) const {
  return find_by_id(source_.gateway_groups, id);
}

const IngressGateway* Directory::ingress_gateway(std::int64_t id) const {
  return find_by_id(source_.ingress_gateways, id);
}

const EgressGateway* Directory::egress_gateway(std::int64_t id) const {
  return find_by_id(source_.egress_gateways, id);
}

const Device* Directory::device(const DeviceRef& device) const {
  switch (device.kind) {
    case DeviceKind::None:
      return nullptr;
    case DeviceKind::Ingress:
      return ingress_gateway(device.id);
    case DeviceKind::Egress:
      return egress_gateway(device.id);
    case DeviceKind::Phone:
      return phone(device.id);
  }
  return nullptr;
}

const Phone* Directory::phone(std::int64_t id) const { return find_by_id(source_.phones, id); }

const Phone* Directory::phone_by_number(std::string_view number) const {
  return index_->phones.find(source_.phones, number);
}

void Directory::prefetch_phone_place(std::string_view number) const {
  index_->phones.prefetch_place(number);
}

void Directory::prefetch_phone(std::string_view number) const {
  const Phone* const likely = index_->phones.likely(source_.phones, number);
  if (likely == nullptr) return;
  __builtin_prefetch(&likely->name);
  __builtin_prefetch(&likely->response_address);
  __builtin_prefetch(&likely->password);
  __builtin_prefetch(&likely->sip_authentication_method);
}

const IngressGateway* Directory::ingress_by_name(std::string_view name) const {
  return index_->ingress_names.find(source_.ingress_gateways, name);
}

const OutboundRegistration* Directory::outbound_registration(std::int64_t id) const {
  return find_by_id(source_.outbound_registrations, id);
}

const OutboundRegistration* Directory::registration_of(const EgressGateway& gateway) const {
  if (gateway.register_type != EgressRegister::Outbound) return nullptr;
  return outbound_registration(gateway.outbound_registration);
}

void Directory::registrations_by_contact(std::string_view user,
                                         std::vector<const OutboundRegistration*>& found) const {
  const auto& contacts = index_->contacts;
  auto each = std::ranges::lower_bound(contacts, user, {}, [](const Index::ContactUser& contact) {
    return std::string_view(contact.first);
  });
  for (; each != contacts.end() && each->first == user; ++each) found.push_back(each->second);
}

void Directory::ingress_by_address(const IpAddress& source,
                                   std::vector<const IngressGateway*>& found) const {
  // Few: on the stack, because each new call asks.
  std::array<std::byte, 256> room;
  std::pmr::monotonic_buffer_resource memory(room.data(), room.size());
  Ranks ranks(&memory);
  index_->ranges.find(source, ranks);
  std::ranges::sort(ranks);
  const auto before = static_cast<std::ptrdiff_t>(found.size());
  for (const std::uint32_t rank : ranks) {
    const IngressGateway* gateway = index_->ingress_by_rank[rank];
    // Several ranges of one gateway may hold the address: the most specific speaks for it.
    if (std::find(found.begin() + before, found.end(), gateway) == found.end())
      found.push_back(gateway);
  }
}

const EgressGateway* Directory::egress_by_address(const IpAddress& source) const {
  const auto found =
      std::ranges::lower_bound(index_->egress_ips, source, {}, &Index::EgressIp::first);
  const bool listed = found != index_->egress_ips.end() && found->first == source;
  return listed ? found->second : nullptr;
}

namespace {

bool is_on(SystemFlag wish, bool system) {
  return wish == SystemFlag::System ? system : wish == SystemFlag::On;
}

}  // namespace

bool is_measured(const IngressGateway& gateway, const Parameters& parameters) {
  return is_on(gateway.calculate_route_quality, parameters.gateway_quality_calculate);
}

bool is_measured(const EgressGateway& gateway, const Parameters& parameters) {
  return gateway.throttle_above != 0 ||
         is_on(gateway.calculate_route_quality, parameters.gateway_quality_calculate);
}

milliseconds rate_period(RateUnit unit, const Parameters& parameters) {
  const bool minute = unit == RateUnit::System
                          ? parameters.gateway_call_rate_unit == CallRateUnit::Minute
                          : unit == RateUnit::Minute;
  return minute ? milliseconds(60s) : milliseconds(1s);
}

Redirection redirection_of(const EgressGateway& gateway, const Parameters& parameters) {
  switch (gateway.redirect_mode) {
    case RedirectMode::System:
      break;
    case RedirectMode::Reject:
      return Redirection::Reject;
    case RedirectMode::Follow:
      return Redirection::Follow;
    case RedirectMode::Failover:
      return Redirection::Failover;
  }
  return parameters.gateway_switch_3xx;
}

const EgressGateway* Directory::egress_at(const Endpoint& place) const {
  const auto found =
      std::ranges::lower_bound(index_->egress_addresses, place, {}, &Index::EgressAddress::first);
  const bool listed = found != index_->egress_addresses.end() && found->first == place;
  return listed ? found->second : nullptr;
}

const EgressGateway* Directory::egress_by_host(std::string_view host) const {
  const std::string name = lower_case(host);
  const auto found =
      std::ranges::lower_bound(index_->egress_hosts, name, {}, &Index::EgressHost::first);
  return found != index_->egress_hosts.end() && found->first == name ? found->second : nullptr;
}

const EgressGateway* Directory::egress_by_name(std::string_view name) const {
  return index_->egress_names.find(source_.egress_gateways, name);
}

void Directory::egress_by_prefix(std::string_view number, PrefixMatches& matches) const {
  index_->prefixes.find(number, matches);
}

const PrefixIndex& Directory::prefixes() const { return index_->prefixes; }

}  // namespace tandem::directory
