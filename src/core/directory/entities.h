// The configured entities as typed values, fields named as in the specification (entities.md). Only
// fields whose feature exists are here; entity rows (entity_rows.h) describe each for validation,
// storage, API and documentation.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/text_list.h"
#include "base/time.h"
#include "core/directory/device_rules.h"
#include "core/directory/number_entities.h"
#include "core/directory/periods.h"
#include "core/directory/tag_entities.h"
#include "core/number/dial_plan.h"

namespace tandem::directory {

enum class Lock : std::uint8_t { None, All };                       // lock_type: none, all
enum class RateUnit : std::uint8_t { Second, Minute, System };  // "system" = the parameter decides
enum class CalleeSource : std::uint8_t { To, RequestUri, Diversion };
enum class CallerSource : std::uint8_t { From, RemotePartyId, Display, PAssertedIdentity,
                                         PPreferredIdentity };
enum class PrefixStyle : std::uint8_t { Terminate, Continue };
enum class SystemSwitch : std::uint8_t { System, Deny, Allow };     // "system" = the parameter decides
enum class SystemFlag : std::uint8_t { System, On, Off };
enum class SignalTransport : std::uint8_t { Udp, Tcp, Tls, Wss };
enum class PhoneLock : std::uint8_t { None, Outgoing, Incoming, Both };
enum class RegisterType : std::uint8_t { Static, Dynamic };
// How a device that is known by its address or registration proves that a call is its own.
enum class SipAuthentication : std::uint8_t { Ip, IpPort, Password };
enum class RoutePolicy : std::uint8_t { None, Asr, Fee };           // 0 = the system's places
// How far a rate leads; a device may call what is not beyond its level (entities.md 1, billing.md 1).
enum class CallLevel : std::uint8_t { OnNet = 1, Local = 2, Domestic = 4, International = 5 };
enum class CalendarMode : std::uint8_t { Working, NonWorking };     // when a device may be used
// What becomes of a 3xx of an egress gateway: "system" = SS_GATEWAY_SWITCH_3XX decides.
enum class RedirectMode : std::uint8_t { System, Reject, Follow, Failover };
enum class ForwardSignal : std::uint8_t { None, Diversion, HistoryInfo, Both };
enum class LrnFailure : std::uint8_t { Reject, Continue };
enum class EgressRegister : std::uint8_t { Static, Dynamic, Outbound };  // register_type 0 to 2

// "503:480": what a code becomes. 0 as the original stands for all without a mapping of their own, 0
// as the target for the original.
struct CodeMapping {
  std::uint16_t original = 0;
  std::uint16_t target = 0;
  friend bool operator==(const CodeMapping&, const CodeMapping&) = default;
};
int mapped(const std::vector<CodeMapping>& mappings, int code);

struct Account : EntityHead {
  Lock lock_type = Lock::None;
  int capacity = 0;       // concurrent calls it pays; 0 = no limit
  int max_call_rate = 0;  // new ones a second; 0 = no limit
};

// Gateways that share lines (entities.md 3). Its members are in Gateway::groups.
struct GatewayGroup : EntityHead {
  Lock lock_type = Lock::None;
  int capacity = 0;  // calls of all members; 0 = no limit
  std::vector<std::string> tags_required;  // of calls to its members
  std::vector<std::string> tags_any;
  std::vector<std::string> tags_excluded;
  TagWishes tag_wishes;  // the same: Directory::compile()
};

struct GroupMembership {
  std::int64_t group = 0;
  std::int32_t reserve_lines = 0;  // of the group, which this member leaves to others
};

// What ingress gateways, egress gateways and phones have in common. Which of it a kind of device
// has is said by its rows; the rest keeps its default.
struct Device : EntityHead {
  RequestAddress request_address = RequestAddress::SourceSocket;
  ResponseAddress response_address = ResponseAddress::SourceSocket;
  bool sip_100rel = true;
  bool sip_timer = true;  // RFC 4028
  // How the caller is shown to it, and whether its own callers may hide.
  bool sip_privacy_support = true;
  PrivacyHeader sip_privacy = PrivacyHeader::Pass;
  IdentityHeader sip_ppi = IdentityHeader::None;
  IdentityHeader sip_pai = IdentityHeader::None;
  bool sip_display = true;
  bool sip_rpid = false;
  RpidScreen sip_rpid_screen = RpidScreen::Yes;
  NumberDisplay sip_number_display_type = NumberDisplay::Number;
  SystemFlag user_phone = SystemFlag::System;
  SystemFlag allow_publish = SystemFlag::System;
  SystemFlag reason_header = SystemFlag::System;
  bool prefer_reason_cause = false;
  RemoteRing remote_ring = RemoteRing::Pass;
  bool sip_codec_assign = false;
  std::vector<std::string> sip_codecs;    // "audio/PCMA", best first
  G729Mode sip_g729_mode = G729Mode::Auto;
  AnnexMode sip_g729_annexb = AnnexMode::Auto;
  AnnexMode sip_g723_annexa = AnnexMode::Auto;
  std::string local_domain;               // host we call ourselves towards this device; "" = ours
  std::vector<std::string> extra_headers;  // "Name: value" with variables, added to requests
  std::vector<std::string> pass_headers;  // copied to this leg from the other
  // Numbers it sends or takes, by groups and lists; of a phone the callers that call it and the
  // numbers it calls.
  RuleMode caller_groups_mode = RuleMode::Deny;
  RuleMode callee_groups_mode = RuleMode::Deny;
  ListPolicy caller_list_policy = ListPolicy::None;
  ListPolicy callee_list_policy = ListPolicy::None;
  MobilePrefix mobile_prefix_mode = MobilePrefix::Off;
  std::vector<std::int64_t> caller_groups;  // ids
  std::vector<std::int64_t> callee_groups;
  std::vector<std::int64_t> caller_list;
  std::vector<std::int64_t> callee_list;
  std::vector<std::string> mobile_prefix_areas;  // codes
  std::int64_t calendar = 0;              // 0 = at any time
  CalendarMode calendar_mode = CalendarMode::Working;
  // Which egress gateways its calls may go to, by group and by itself: those of the list, or all
  // others. An empty list is no limit.
  RuleMode egress_groups_mode = RuleMode::Allow;
  RuleMode egress_gateways_mode = RuleMode::Allow;
  std::vector<std::int64_t> egress_groups;
  std::vector<std::int64_t> egress_gateways;
  // What its calls may cost, and in which order routes are tried (call-handling.md 7, 8).
  RoutePolicy route_policy_first = RoutePolicy::None;
  RoutePolicy route_policy_second = RoutePolicy::None;
  bool min_profit_enable = false;
  int min_profit_percent = 0;
  bool max_second_rate_enable = false;
  std::int64_t max_second_rate = 0;       // billionths of the currency a second
  CallLevel call_level = CallLevel::International;  // of ingress gateways and phones
  // Of ingress gateways and phones: what is asked of others before their calls are routed.
  bool external_redirect = false;
  bool lrn_enable = false;
  int lrn_eat_prefix_length = 0;          // characters in front of the number that is asked for
  LrnFailure lrn_failure_action = LrnFailure::Reject;
  std::string lrn_interstate_billing_prefix;
  std::string lrn_undetermined_billing_prefix;
  DeviceRules rules;                      // what all that means for a leg: Directory::compile()
};

// "025:010": beginnings of a caller and a callee.
struct NumberPair {
  std::string caller;
  std::string callee;
};

struct CompiledRules;

// What gateways have in common: groups, and which numbers they take (number_rules.h).
struct Gateway : Device {
  std::vector<GroupMembership> groups;
  std::uint32_t caller_length_mask = 0;  // bit x = length x is allowed; 0 = any
  std::uint32_t callee_length_mask = 0;
  RuleMode caller_prefixes_mode = RuleMode::Deny;
  RuleMode callee_prefixes_mode = RuleMode::Deny;
  RuleMode forward_prefixes_mode = RuleMode::Deny;  // this and pairs: of egress gateways
  RuleMode pairs_mode = RuleMode::Deny;
  std::vector<std::string> caller_prefixes;
  std::vector<std::string> callee_prefixes;
  std::vector<std::string> forward_prefixes;
  std::vector<NumberPair> pairs;
  bool caller_class_check = false;  // which classes of numbers pass
  bool caller_class_city = true;
  bool caller_class_mobile = true;
  bool caller_class_other = true;
  bool callee_class_check = false;
  bool callee_class_city = true;
  bool callee_class_mobile = true;
  bool callee_class_other = true;
  RuleMode mobile_area_mode = RuleMode::Deny;
  std::vector<std::string> mobile_areas;  // codes
  bool number_transform = false;
  bool transform_required = false;
  bool forward_pool_enable = false;
  PoolMode forward_pool_mode = PoolMode::Poll;
  std::int64_t forward_pool_group = 0;
  // Of the prefixes: Directory::compile(), unless it is there already.
  std::shared_ptr<const CompiledRules> compiled;
};

// "70:a": this share of the calls gets a prefix in front of the called number.
struct ProportionalPrefix {
  std::int64_t proportion = 0;
  std::string prefix;
};

struct IngressGateway : Gateway {
  std::int64_t account = 0;  // 0 = none: not billed
  Lock lock_type = Lock::None;
  int capacity = 0;       // concurrent calls; 0 = no limit
  int max_call_rate = 0;  // 0 = off
  RateUnit max_call_rate_unit = RateUnit::System;
  int priority = 100;     // choice among gateways with the same address; small first
  RegisterType register_type = RegisterType::Static;
  std::string password;  // of registration and digest; "" = neither is possible
  SipAuthentication sip_authentication_method = SipAuthentication::Ip;
  std::vector<AddressRange> remote_ips;
  std::vector<std::uint16_t> local_port_match;  // our ports this gateway may use; empty = any
  std::vector<std::string> local_domain_match;  // Request-URI hosts; empty = any
  CalleeSource callee_source = CalleeSource::RequestUri;
  CallerSource caller_source = CallerSource::From;
  number::DialPlan plan_caller_out;  // of numbers it sends
  number::DialPlan plan_callee_out;
  std::vector<ProportionalPrefix> proportional_prefixes;
  RuleMode same_city_mode = RuleMode::Deny;
  std::vector<std::string> same_city_codes;
  CalleeRestrict callee_restrict = CalleeRestrict::None;
  SystemFlag send_retry_after = SystemFlag::System;
  bool keep_alive = false;                // its single addresses are kept reachable through NAT
  SystemFlag calculate_route_quality = SystemFlag::System;
  std::vector<CodeMapping> failed_sip_codes;    // answers to its failed calls
  std::vector<CodeMapping> failed_q931_causes;  // likewise, of their Reason
  int timeout_call_proceeding = -1;       // seconds; -1 = system, 0 = none
  int max_call_duration_lower = -1;       // seconds; both -1 = system, both 0 = none
  int max_call_duration_upper = -1;
};

// One place an egress gateway can be reached: an address or a host name (RFC 3263).
struct GatewayAddress {
  std::string host;        // as written: IP literal without brackets, or a name
  IpAddress ip;            // none() for a name
  std::uint16_t port = 0;  // 0 = the gateway's signal_port (a name without port: SRV applies)
};

// A platform the switch registers at, as a phone would: where, as whom, for how long.
struct OutboundRegistration : EntityHead {
  bool enabled = true;
  std::string server;           // registrar: address or host name
  std::uint16_t signal_port = 0;  // of server or sip_proxy when that names none; 0 = RFC 3263
  GatewayAddress sip_proxy;     // where REGISTER and calls are sent instead; host "" = to server
  SignalTransport transport = SignalTransport::Udp;
  std::string user;             // user part of the address of record
  std::string host;             // domain of From and To; "" = server
  std::string auth_user;        // "" = user
  std::string password;
  std::string contact_user;     // user part of our Contact; "" = a word of our own
  std::int64_t ingress_gateway = 0;  // whose calls those are that come to our Contact; 0 = by address
  int capacity = 0;             // concurrent calls sent over it; 0 = no limit
  std::string user_agent;       // "" = SS_SIP_USER_AGENT
  IpAddress local_ip;           // none() = automatic
  std::uint16_t local_port = 0; // 0 = automatic
  int expire = 0;               // seconds; 0 = system
  int retry_delay = 0;          // seconds; 0 = system
  bool keep_alive = false;      // CRLF CRLF while it is registered

  const std::string& domain() const { return host.empty() ? server : host; }
  const std::string& digest_user() const { return auth_user.empty() ? user : auth_user; }
  std::string own_contact_user() const {
    return contact_user.empty() ? "tandem-" + std::to_string(id) : contact_user;
  }
};

struct EgressGateway : Gateway {
  Lock lock_type = Lock::None;
  int capacity = 0;
  int max_call_rate = 0;
  RateUnit max_call_rate_unit = RateUnit::System;
  int priority = 100;
  std::vector<GatewayAddress> remote_ips;
  std::uint16_t signal_port = 5060;
  SignalTransport transport = SignalTransport::Udp;
  std::uint16_t local_port = 0;  // our port calls leave from; 0 = automatic
  IpAddress local_ip;            // none() = automatic
  TextList prefixes;             // may hold "" (matches all)
  PrefixStyle prefix_style = PrefixStyle::Terminate;
  std::vector<PeriodCapacity> period_capacity;  // of several that hold the first counts
  std::vector<PeriodPriority> period_priority;
  std::vector<PeriodRule> period_rules;
  std::vector<PeriodPlan> period_plans_in;
  bool protect = false;           // a reserve: tried when all others have failed
  int weight = 0;                 // its share among those of the same rank; 0 = it takes no turns
  int throttle_above = 0;         // per cent of attempts without response; 0 = never
  int trial_share = 0;            // per cent of the calls it could take that go to it first
  std::vector<std::string> tags_required;  // of its calls: all of these
  std::vector<std::string> tags_any;       // one of these
  std::vector<std::string> tags_excluded;  // none of these
  TagWishes tag_wishes;                    // the same: Directory::compile()
  bool fee_rate_restrict = false;  // no calls without a rate of its clearing account
  bool least_cost_routing = false;
  bool options_check = false;
  SystemFlag honour_retry_after = SystemFlag::System;
  bool keep_alive = false;                // its addresses are kept reachable through NAT
  SystemFlag calculate_route_quality = SystemFlag::System;
  EgressRegister register_type = EgressRegister::Static;
  std::string password;                    // with which a dynamic one registers; "" = it cannot
  std::int64_t outbound_registration = 0;  // calls go over it when register_type says so
  std::string auth_user;                   // for challenges; "" = of the registration, or the name
  std::string auth_password;
  number::DialPlan plan_caller_in;  // of numbers sent to it
  number::DialPlan plan_callee_in;
  number::DialPlan plan_identity;   // of the number in P-Asserted- and P-Preferred-Identity
  bool caller_pool_enable = false;  // callers are numbers of a group
  PoolMode caller_pool_mode = PoolMode::Poll;
  bool caller_pool_multiplex = true;  // off: one call per number
  int caller_pool_lines = 1;          // calls per number; 0 = no limit
  std::int64_t caller_pool_group = 0;
  RedirectMode redirect_mode = RedirectMode::System;
  bool send_rn = false;                    // routing number and npdi go into its Request-URI
  ForwardSignal forward_signal = ForwardSignal::Diversion;
  std::vector<CodeMapping> invite_codes;  // its refusals are taken for others
  int timeout_invite = 0;                 // seconds; 0 = system
  int timeout_trying = 0;
  int timeout_session_progress = 0;
  int timeout_session_progress_sdp = 0;
  int timeout_ringing = 0;
  SystemSwitch switch_allow_ring = SystemSwitch::System;
  SystemSwitch switch_allow_sdp = SystemSwitch::System;
  SystemSwitch switch_allow_busy = SystemSwitch::System;
  SystemSwitch switch_allow_error_code = SystemSwitch::System;
  SystemSwitch switch_until_connect = SystemSwitch::System;
  std::vector<std::pair<std::uint16_t, std::uint16_t>> stop_sip_codes;  // ranges; empty = system
  int max_call_duration_lower = -1;
  int max_call_duration_upper = -1;

  // It is called where it is registered here, and nowhere else.
  bool registers() const { return register_type == EgressRegister::Dynamic; }
};

// A line of this switch. Its name is its number.
struct Phone : Device {
  std::string password;
  std::string display_number;  // caller that others see; "" = its number
  std::int64_t account = 0;    // 0 = none: not billed
  PhoneLock lock_type = PhoneLock::None;
  RegisterType register_type = RegisterType::Dynamic;
  SipAuthentication sip_authentication_method = SipAuthentication::Ip;
  SignalTransport transport = SignalTransport::Udp;
  std::uint16_t signal_port = 5060;
  IpAddress local_ip;            // of ours, a static one is called from; none() = automatic
  std::uint16_t local_port = 0;  // 0 = automatic
  int capacity = 0;  // concurrent calls; 0 = no limit
  int line_call_in = 0;
  int line_call_out = 0;
  int max_call_duration_lower = -1;
  int max_call_duration_upper = -1;
  std::vector<GatewayAddress> remote_ips;  // of a static phone
  number::DialPlan plan_callee_out;  // of what it calls
  number::DialPlan plan_caller_in;   // of calls to it
  number::DialPlan plan_callee_in;
};

}  // namespace tandem::directory
