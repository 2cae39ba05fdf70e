// The configuration as one immutable value: what the deciders read. The store compiles it from
// database rows; the exchange adopts it between two inputs; nobody changes it. Entities carry the
// names of the specification; which of their fields exist is declared in entity_*.h rows.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "core/directory/calendars.h"
#include "core/directory/egress_brief.h"
#include "core/directory/entities.h"
#include "core/directory/parameters.h"
#include "core/directory/prefix_index.h"

namespace tandem::lrn {
class Index;
}

namespace tandem::directory {

// Whether the quality of this gateway is counted: as it says, or the system; a throttled one's always.
bool is_measured(const IngressGateway& gateway, const Parameters& parameters);
bool is_measured(const EgressGateway& gateway, const Parameters& parameters);

// What becomes of a 3xx of this gateway.
// What max_call_rate counts in.
milliseconds rate_period(RateUnit unit, const Parameters& parameters);
Redirection redirection_of(const EgressGateway& gateway, const Parameters& parameters);

class RoutingTags;

class Directory {
 public:
  // What a Directory is compiled from; entities in any order, ids unique.
  struct Source {
    std::uint64_t number = 0;  // counts adopted configurations; on every CDR
    Parameters parameters;
    std::vector<Account> accounts;
    std::vector<NumberGroup> number_groups;
    std::vector<NumberList> number_lists;
    std::vector<NumberTransform> number_transforms;
    std::vector<Area> areas;
    std::vector<NumberSection> number_sections;
    std::vector<GatewayGroup> gateway_groups;
    std::vector<Calendar> calendars;
    // By their IANA name, those that calendars and SERVER_CALENDAR_TIME_ZONE want; UTC for one that
    // is missing.
    std::map<std::string, std::shared_ptr<const TimeZone>> time_zones;
    std::vector<IngressGateway> ingress_gateways;
    std::vector<OutboundRegistration> outbound_registrations;
    std::vector<EgressGateway> egress_gateways;
    std::vector<Phone> phones;
    std::vector<RoutingTagRule> routing_tag_rules;
    // Index over egress_gateways[].prefixes made earlier; none = a new one is made.
    PrefixIndex::Base prefixes;
    std::shared_ptr<const lrn::Index> ported_numbers;  // the local table; nullptr = there is none
  };
  static std::shared_ptr<const Directory> compile(Source source);

  std::uint64_t number() const { return source_.number; }
  const Parameters& parameters() const { return source_.parameters; }
  std::span<const Account> accounts() const { return source_.accounts; }                    // by id
  std::span<const GatewayGroup> gateway_groups() const { return source_.gateway_groups; }
  std::span<const IngressGateway> ingress_gateways() const { return source_.ingress_gateways; }
  std::span<const OutboundRegistration> outbound_registrations() const {
    return source_.outbound_registrations;
  }
  std::span<const EgressGateway> egress_gateways() const { return source_.egress_gateways; }
  // In the same order.
  std::span<const EgressBrief> egress_briefs() const { return egress_briefs_; }

  std::span<const Phone> phones() const { return source_.phones; }

  std::span<const NumberGroup> number_groups() const { return source_.number_groups; }
  std::span<const NumberList> number_lists() const { return source_.number_lists; }
  const lrn::Index* ported_numbers() const { return source_.ported_numbers.get(); }

  const Account* account(std::int64_t id) const;
  const NumberGroup* number_group(std::int64_t id) const;
  const NumberList* number_list(std::int64_t id) const;
  // The row of the table for a caller as it came in, or for a number as it is to be sent, of calls
  // this account pays; nullptr = there is none.
  const NumberTransform* transform_of_caller(std::string_view caller, std::int64_t account) const;
  const NumberTransform* transform_of_callee(std::string_view number, std::int64_t account) const;
  Whereabouts whereabouts(std::string_view number) const;
  const RoutingTags& routing_tags() const { return *routing_tags_; }
  const GatewayGroup* gateway_group(std::int64_t id) const;
  const Calendar* calendar(std::int64_t id) const;

  // What holds at this moment (calendars.cc).
  bool holds(const Period& period, UtcTime at) const;
  bool may_be_used(const Device& device, UtcTime at) const;  // by its calendar
  std::int32_t capacity_of(const EgressGateway& gateway, UtcTime at) const;
  std::int32_t priority_of(const EgressGateway& gateway, UtcTime at) const;
  // By its period_rules.
  bool takes(const EgressGateway& gateway, std::string_view caller, std::string_view callee,
             UtcTime at) const;
  const number::DialPlan& plan_of(const EgressGateway& gateway, PeriodRule::Side side,
                                  UtcTime at) const;
  const IngressGateway* ingress_gateway(std::int64_t id) const;
  const EgressGateway* egress_gateway(std::int64_t id) const;
  const Device* device(const DeviceRef& device) const;  // nullptr when it is not there any more
  // Of a leg to somebody who is no device.
  const DeviceRules& default_rules() const { return default_rules_; }
  const OutboundRegistration* outbound_registration(std::int64_t id) const;
  // The one its calls go over; nullptr for a gateway that is called at its addresses.
  const OutboundRegistration* registration_of(const EgressGateway& gateway) const;
  // Those whose Contact has this user part. Appends to `found`.
  void registrations_by_contact(std::string_view user,
                                std::vector<const OutboundRegistration*>& found) const;

  const Phone* phone(std::int64_t id) const;
  // Is there anybody who registers, or is known by his user name?
  bool has_terminals() const { return has_terminals_; }
  const Phone* phone_by_number(std::string_view number) const;
  // Have what phone_by_number() and the first questions to that phone will read fetched: first its
  // place, some time after it the phone.
  void prefetch_phone_place(std::string_view number) const;
  void prefetch_phone(std::string_view number) const;
  const IngressGateway* ingress_by_name(std::string_view name) const;

  // Static ingress gateways whose remote_ips hold `source`, best first: lowest priority number, then
  // most specific range, then lowest id (call-handling.md 2.1 rule 3). Appends to `found`.
  void ingress_by_address(const IpAddress& source, std::vector<const IngressGateway*>& found) const;
  // True when an egress gateway lists this address: its in-dialog requests and OPTIONS are known.
  const EgressGateway* egress_by_address(const IpAddress& source) const;
  // The egress gateway that lists this address and port; nullptr when there is none.
  const EgressGateway* egress_at(const Endpoint& place) const;
  // The one that lists this host name, in any case of letters.
  const EgressGateway* egress_by_host(std::string_view host) const;
  const EgressGateway* egress_by_name(std::string_view name) const;
  // Every listed prefix the number begins with, longest first; each gateway appears only at its
  // longest one (call-handling.md 6). `matches` must be new.
  void egress_by_prefix(std::string_view number, PrefixMatches& matches) const;
  const PrefixIndex& prefixes() const;

  ~Directory();

 private:
  struct Index;
  explicit Directory(Source source);
  Source source_;
  DeviceRules default_rules_;
  std::vector<EgressBrief> egress_briefs_;
  bool has_terminals_ = false;
  std::shared_ptr<const TimeZone> usual_zone_;
  std::unique_ptr<const RoutingTags> routing_tags_;
  std::unique_ptr<const Index> index_;
};

}  // namespace tandem::directory
