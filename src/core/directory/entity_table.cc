// The rows of accounts, gateways and outbound registrations (entities.md 1, 4 and 14); phones:
// entity_phone_rows.h.
#include <limits>

#include "core/directory/entity_fields_to_come.h"
#include "core/directory/entity_phone_rows.h"
#include "core/directory/entity_shared_rows.h"

namespace tandem::directory {
namespace {

constexpr EnumWord kAccountLock[] = {{"none", 0}, {"all", 1}};
constexpr EnumWord kGatewayLock[] = {{"none", 0}, {"all", 3}};
constexpr EnumWord kRateUnit[] = {{"second", 0}, {"minute", 1}};
constexpr EnumWord kCalleeSource[] = {{"to", 0}, {"request_uri", 1}, {"diversion", 2}};
constexpr EnumWord kCallerSource[] = {{"from", 0},
                                      {"remote_party_id", 1},
                                      {"display", 2},
                                      {"p_asserted_identity", 3},
                                      {"p_preferred_identity", 4}};
constexpr EnumWord kPrefixStyle[] = {{"terminate", 0}, {"continue", 1}};
constexpr EnumWord kSystemSwitch[] = {{"system", 0}, {"deny", 1}, {"allow", 2}};
constexpr EnumWord kEgressRegister[] = {{"static", 0}, {"outbound", 2}};

// ---- rows that several resources have

template <class Gateway>
constexpr FieldRow kLock =
    bound<&Gateway::lock_type>({.name = "lock_type",
                                .alias = "lockType",
                                .help = "all: its calls are refused, or it is left out of routing.",
                                .words = kGatewayLock});

template <class Gateway>
constexpr FieldRow kCapacity = bound<&Gateway::capacity>({.name = "capacity",
                                                          .help = "Concurrent calls; 0 = no limit.",
                                                          .unit = "calls",
                                                          .max = kNoLimit});

template <class Gateway>
constexpr FieldRow kMaxCallRate =
    bound<&Gateway::max_call_rate>({.name = "max_call_rate",
                                    .alias = "maxCallRate",
                                    .help = "New calls per max_call_rate_unit; 0 = no limit.",
                                    .unit = "calls",
                                    .max = kMaxRate});

template <class Gateway>
constexpr FieldRow kMaxCallRateUnit =
    bound<&Gateway::max_call_rate_unit>({.name = "max_call_rate_unit",
                                         .alias = "maxCallRateUnit",
                                         .help = "What max_call_rate counts in.",
                                         .words = kRateUnit});

template <class Gateway>
constexpr FieldRow kKeepAlive = bound<&Gateway::keep_alive>(
    {.name = "keep_alive",
     .alias = "keepAlive",
     .help = "Gets NAT keep-alives at its addresses, like a registered terminal "
             "(SS_SIP_NAT_KEEP_ALIVE_PERIOD). For a device that does not register."});

template <class Gateway>
constexpr FieldRow kTalkLower = bound<&Gateway::max_call_duration_lower>(
    {.name = "max_call_duration_lower",
     .alias = "maxCallDurationLower",
     .help = "Longest talk time; with a higher upper bound a time between both is drawn per call. "
             "Both -1: SS_MAX_CALL_DURATION decides; both 0: no limit.",
     .unit = "s",
     .min = -1,
     .max = kMaxTalk});

template <class Gateway>
constexpr FieldRow kTalkUpper = bound<&Gateway::max_call_duration_upper>(
    {.name = "max_call_duration_upper",
     .alias = "maxCallDurationUpper",
     .help = "Upper bound of the longest talk time; not below max_call_duration_lower.",
     .unit = "s",
     .min = -1,
     .max = kMaxTalk});

// A time-out of an egress gateway and the parameter that stands in for 0.
template <auto kMember>
consteval FieldRow timeout(std::string_view name, std::string_view alias, std::string_view help) {
  return bound<kMember>(
      {.name = name, .alias = alias, .help = help, .unit = "s", .max = kMaxTimeout});
}

template <auto kMember>
consteval FieldRow failover(std::string_view name, std::string_view alias, std::string_view help) {
  return bound<kMember>({.name = name, .alias = alias, .help = help, .words = kSystemSwitch});
}

// ---- resources

constexpr FieldRow kAccountFields[] = {
    kName,
    bound<&Account::lock_type>({.name = "lock_type",
                                .alias = "lockType",
                                .help = "all: calls that this account would pay are refused.",
                                .words = kAccountLock}),
    kExternalId,
    kMemo,
};

constexpr FieldRow kIngressFields[] = {
    kName,
    bound<&IngressGateway::account>({.name = "account",
                                     .help = "Who pays for the calls; empty = they are not billed.",
                                     .refers_to = "accounts"}),
    kLock<IngressGateway>,
    kCapacity<IngressGateway>,
    kMaxCallRate<IngressGateway>,
    kMaxCallRateUnit<IngressGateway>,
    bound<&IngressGateway::priority>(
        {.name = "priority",
         .help = "Of several gateways with the address of the caller the smallest number is taken.",
         .max = kNoLimit}),
    bound<&IngressGateway::register_type>(
        {.name = "register_type",
         .alias = "registerType",
         .help = "static: it calls from remote_ips; dynamic: it registers under its name.",
         .words = kRegisterType}),
    kPassword<IngressGateway>,
    bound<&IngressGateway::sip_authentication_method>(
        {.name = "sip_authentication_method",
         .alias = "sipAuthenticationMethod",
         .help = "What a call of a registered gateway is known by: the address of its "
                 "registration, address and port, or its password with each call.",
         .words = kSipAuthentication}),
    bound<&IngressGateway::remote_ips>(
        {.name = "remote_ips",
         .alias = "remoteIps",
         .help = "Where its calls come from: addresses, networks, ranges.",
         .max_entries = kMaxAddresses,
         .form = &kAddressRangeForm}),
    bound<&IngressGateway::local_port_match>(
        {.name = "local_port_match",
         .alias = "localPortMatch",
         .help = "Our ports that its calls may come to; empty = any. Tells gateways with the same "
                 "address apart.",
         .min = 1,
         .max = kMaxPort,
         .max_entries = kMaxNames}),
    bound<&IngressGateway::local_domain_match>(
        {.name = "local_domain_match",
         .alias = "localDomainMatch",
         .help = "Hosts of the Request-URI of its calls; empty = any. Tells gateways with the same "
                 "address apart.",
         .max_entries = kMaxNames,
         .form = &kDomainForm}),
    bound<&IngressGateway::callee_source>({.name = "callee_source",
                                           .alias = "sipCalleeE164Domain",
                                           .help = "Where the called number is taken from.",
                                           .words = kCalleeSource}),
    bound<&IngressGateway::caller_source>(
        {.name = "caller_source",
         .alias = "sipCallerE164Domain",
         .help = "Where the calling number is taken from; From when the header is missing.",
         .words = kCallerSource}),
    kRequestAddress,
    kResponseAddress,
    kReliable,
    kTimer,
    kPrivacySupport,
    kLocalDomain,
    kAllowPublish,
    kReason,
    kPreferCause,
    kRemoteRing,
    kExtraHeaders,
    kPassHeaders,
    bound<&IngressGateway::send_retry_after>(
        {.name = "send_retry_after",
         .alias = "sendRetryAfter",
         .help = "Retry-After in our own 503 to it; system = as SS_SIP_RETRY_AFTER_SEND says, on = "
                 "also when that is 0 (then 5 s), off = never.",
         .words = kSystemFlagWords}),
    kKeepAlive<IngressGateway>,
    kCodecAssign,
    kCodecs,
    kG729Mode,
    kAnnexB,
    kAnnexA,
    bound<&IngressGateway::failed_sip_codes>(
        {.name = "failed_sip_codes",
         .alias = "callFailedSipCode",
         .help = "Answers to its failed calls, each original:target (SIP status). 0 as the original "
                 "= all others, 0 as the target = it stays.",
         .max_entries = kMaxNames,
         .form = &kFailedStatusForm}),
    bound<&IngressGateway::failed_q931_causes>(
        {.name = "failed_q931_causes",
         .alias = "callFailedQ931CauseValue",
         .help = "Q.850 causes in the Reason of those answers, likewise.",
         .max_entries = kMaxNames,
         .form = &kFailedCauseForm}),
    bound<&IngressGateway::timeout_call_proceeding>(
        {.name = "timeout_call_proceeding",
         .alias = "timeoutCallProceeding",
         .help = "Longest time to ringing or answer as the caller sees it; 0 = no limit, -1 = "
                 "SS_CALL_PROCEEDING_TIMEOUT decides.",
         .unit = "s",
         .min = -1,
         .max = kMaxSetup}),
    kTalkLower<IngressGateway>,
    kTalkUpper<IngressGateway>,
    kExternalId,
    kMemo,
};

constexpr FieldRow kRegistrationFields[] = {
    kName,
    bound<&OutboundRegistration::enabled>(
        {.name = "enabled", .help = "off: it is un-registered, and nothing is sent over it."}),
    bound<&OutboundRegistration::server>(
        {.name = "server",
         .help = "The registrar: an address or a host name. It is the domain of REGISTER.",
         .form = &kDomainForm,
         .required = true}),
    bound<&OutboundRegistration::sip_proxy>(
        {.name = "sip_proxy",
         .alias = "sipProxy",
         .help = "Where requests are sent instead of to the server itself.",
         .form = &kProxyForm}),
    bound<&OutboundRegistration::signal_port>(
        {.name = "signal_port",
         .alias = "signalPort",
         .help = "Port of server or sip_proxy; 0 = what DNS says (RFC 3263), else 5060.",
         .max = kMaxPort}),
    bound<&OutboundRegistration::transport>(
        {.name = "transport", .help = "How messages are sent to it.", .words = kTransport}),
    bound<&OutboundRegistration::user>({.name = "user",
                                        .help = "User part of the address that is registered; "
                                                "calls over the registration come from it.",
                                        .form = &kUserForm,
                                        .required = true}),
    bound<&OutboundRegistration::host>(
        {.name = "host", .help = "Domain of From and To; empty = server.", .form = &kOwnDomainForm}),
    bound<&OutboundRegistration::auth_user>({.name = "auth_user",
                                             .alias = "authUser",
                                             .help = "User name for challenges; empty = user.",
                                             .form = &kOwnUserForm}),
    bound<&OutboundRegistration::password>({.name = "password",
                                            .help = "Password for challenges.",
                                            .form = &kPasswordForm,
                                            .secret = true}),
    bound<&OutboundRegistration::contact_user>(
        {.name = "contact_user",
         .alias = "contactUser",
         .help = "User part of our Contact: calls to it come over this registration, and their "
                 "called number is that of To. Empty = tandem- and the id.",
         .form = &kOwnUserForm}),
    bound<&OutboundRegistration::ingress_gateway>(
        {.name = "ingress_gateway",
         .help = "The gateway that calls over this registration come from; empty = the one that "
                 "lists the address of the caller.",
         .refers_to = "ingress_gateways"}),
    kCapacity<OutboundRegistration>,
    bound<&OutboundRegistration::user_agent>(
        {.name = "user_agent",
         .alias = "userAgent",
         .help = "User-Agent of REGISTER; empty = SS_SIP_USER_AGENT decides.",
         .form = &kProductForm}),
    bound<&OutboundRegistration::local_ip>({.name = "local_ip",
                                            .alias = "localIp",
                                            .help = "Our address that it is registered with; "
                                                    "empty = chosen by the route.",
                                            .form = &kAddressForm}),
    bound<&OutboundRegistration::local_port>(
        {.name = "local_port",
         .alias = "signalPortLocal",
         .help = "Our port that it is registered with; 0 = the first.",
         .max = kMaxPort}),
    bound<&OutboundRegistration::expire>(
        {.name = "expire",
         .help = "Validity asked for; 0 = SS_SIP_USER_AGENT_EXPIRE decides.",
         .unit = "s",
         .max = 7'200,
         .least = 20}),
    bound<&OutboundRegistration::retry_delay>(
        {.name = "retry_delay",
         .alias = "retryDelay",
         .help = "First wait after a failure; 0 = SS_SIP_USER_AGENT_RETRY_DELAY decides.",
         .unit = "s",
         .max = kMaxTimeout,
         .least = 30}),
    bound<&OutboundRegistration::keep_alive>(
        {.name = "keep_alive",
         .alias = "keepAlive",
         .help = "Sends an empty line every SS_SIP_NAT_KEEP_ALIVE_PERIOD while it is registered."}),
    kExternalId,
    kMemo,
};

constexpr FieldRow kEgressFields[] = {
    kName,
    kLock<EgressGateway>,
    kCapacity<EgressGateway>,
    kMaxCallRate<EgressGateway>,
    kMaxCallRateUnit<EgressGateway>,
    bound<&EgressGateway::priority>(
        {.name = "priority",
         .help = "Of gateways with an equally long prefix the smallest number is tried first.",
         .max = kNoLimit}),
    bound<&EgressGateway::remote_ips>(
        {.name = "remote_ips",
         .alias = "remoteIp",
         .help = "Where its calls go: addresses or host names (RFC 3263), each with or without a "
                 "port.",
         .max_entries = kMaxNames,
         .form = &kGatewayAddressForm}),
    bound<&EgressGateway::signal_port>({.name = "signal_port",
                                        .alias = "signalPort",
                                        .help = "Port of the addresses that name none.",
                                        .min = 1,
                                        .max = kMaxPort}),
    bound<&EgressGateway::transport>(
        {.name = "transport", .help = "How messages are sent to it.", .words = kTransport}),
    bound<&EgressGateway::local_ip>({.name = "local_ip",
                                     .alias = "localIp",
                                     .help =
                                         "Our address that its calls leave from; empty = chosen "
                                         "by the route.",
                                     .form = &kAddressForm}),
    bound<&EgressGateway::local_port>({.name = "local_port",
                                       .alias = "signalPortLocal",
                                       .help = "Our port that its calls leave from; 0 = the first.",
                                       .max = kMaxPort}),
    bound<&EgressGateway::prefixes>(
        {.name = "prefix",
         .alias = "prefixes",
         .help = "Beginnings of the numbers it serves; the longest one counts. An empty text "
                 "serves every number, no entry serves none.",
         .max_entries = kMaxPrefixes,
         .form = &kPrefixForm}),
    bound<&EgressGateway::prefix_style>(
        {.name = "prefix_style",
         .alias = "prefixStyle",
         .help = "continue: gateways with a shorter prefix may be tried after this one; terminate: "
                 "they are not.",
         .words = kPrefixStyle}),
    kReliable,
    kTimer,
    kPrivacy,
    kPreferred,
    kAsserted,
    kDisplay,
    kRpid,
    kRpidScreen,
    kNumberDisplay,
    kUserPhone,
    kLocalDomain,
    kReason,
    kPreferCause,
    kExtraHeaders,
    kPassHeaders,
    bound<&EgressGateway::options_check>(
        {.name = "options_check",
         .alias = "optionsCheck",
         .help = "Asks each of its addresses with OPTIONS every SS_SIP_OPTIONS_CHECK_PERIOD; calls "
                 "go only to those that live."}),
    bound<&EgressGateway::honour_retry_after>(
        {.name = "honour_retry_after",
         .alias = "honourRetryAfter",
         .help = "Gets no calls for as long as its Retry-After says; system = after 503 when "
                 "SS_SIP_RETRY_AFTER_HONOUR, on = after 480, 486, 500, 503 and 600, off = never.",
         .words = kSystemFlagWords}),
    kKeepAlive<EgressGateway>,
    bound<&EgressGateway::register_type>(
        {.name = "register_type",
         .alias = "registerType",
         .help = "outbound: its calls go over outbound_registration, as its user, and only while "
                 "that is registered.",
         .words = kEgressRegister}),
    bound<&EgressGateway::outbound_registration>(
        {.name = "outbound_registration",
         .alias = "registerName",
         .help = "With register_type outbound; without remote_ips calls go where it registered.",
         .refers_to = "outbound_registrations"}),
    bound<&EgressGateway::auth_user>(
        {.name = "auth_user",
         .alias = "authUser",
         .help = "User name for challenges of the gateway; empty = that of the registration, else "
                 "its name.",
         .form = &kOwnUserForm}),
    bound<&EgressGateway::auth_password>(
        {.name = "auth_password",
         .alias = "authPassword",
         .help = "Password for challenges of the gateway; empty = that of the registration. "
                 "Without any its 401 and 407 are refusals.",
         .form = &kPasswordForm,
         .secret = true}),
    kCodecAssign,
    kCodecs,
    kG729Mode,
    kAnnexB,
    kAnnexA,
    bound<&EgressGateway::invite_codes>(
        {.name = "invite_codes",
         .alias = "sipInviteCode",
         .help = "Its refusals of an INVITE that are taken for others, each original:target (SIP "
                 "status).",
         .max_entries = kMaxNames,
         .form = &kInviteCodeForm}),
    timeout<&EgressGateway::timeout_invite>(
        "timeout_invite", "timeoutInvite",
        "Longest wait for any answer to INVITE; 0 = SS_SIP_TIMEOUT_INVITE decides."),
    timeout<&EgressGateway::timeout_trying>(
        "timeout_trying", "timeoutTrying",
        "Longest wait after 100; 0 = SS_SIP_TIMEOUT_TRYING decides."),
    timeout<&EgressGateway::timeout_session_progress>(
        "timeout_session_progress", "timeoutSessionProgress",
        "Longest wait after 183 without SDP; 0 = SS_SIP_TIMEOUT_SESSION_PROGRESS decides."),
    timeout<&EgressGateway::timeout_session_progress_sdp>(
        "timeout_session_progress_sdp", "timeoutSessionProgressSdp",
        "Longest wait after 183 with SDP; 0 = SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP decides."),
    timeout<&EgressGateway::timeout_ringing>(
        "timeout_ringing", "timeoutRinging",
        "Longest wait after 180; 0 = SS_SIP_TIMEOUT_RINGING decides."),
    failover<&EgressGateway::switch_allow_ring>(
        "switch_allow_ring", "switchAllowRing",
        "Trying the next gateway after this one rang; system = not when "
        "SS_GATEWAY_SWITCH_STOP_AFTER_RINGING."),
    failover<&EgressGateway::switch_allow_sdp>(
        "switch_allow_sdp", "switchAllowSdp",
        "Trying the next gateway after the caller got early media of this one; system = not when "
        "SS_SIP_STOP_SWITCH_AFTER_SDP."),
    failover<&EgressGateway::switch_allow_busy>(
        "switch_allow_busy", "switchAllowBusy",
        "Trying the next gateway after this one said busy; system = not when "
        "SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY."),
    failover<&EgressGateway::switch_allow_error_code>(
        "switch_allow_error_code", "switchAllowErrorCode",
        "Trying the next gateway after an answer with one of stop_sip_codes; system = never."),
    failover<&EgressGateway::switch_until_connect>(
        "switch_until_connect", "switchUntilConnect",
        "Trying the next gateway until one answers, whatever rang or sent early media; system = "
        "SS_GATEWAY_SWITCH_UNTIL_CONNECT decides."),
    bound<&EgressGateway::stop_sip_codes>(
        {.name = "stop_sip_codes",
         .alias = "stopSwitchSipCodes",
         .help = "Answers after which no further gateway is tried; empty = "
                 "SS_GATEWAY_SWITCH_STOP_SIP_CODES decides.",
         .max_entries = kMaxNames,
         .form = &kStopCodeForm}),
    kTalkLower<EgressGateway>,
    kTalkUpper<EgressGateway>,
    kExternalId,
    kMemo,
};

constexpr ResourceRow kResources[] = {
    {.name = "accounts",
     .singular = "account",
     .help = "Who pays, or is paid, for calls.",
     .fields = kAccountFields,
     .fields_to_come = kAccountFieldsToCome,
     .defaults = defaults_of<Account>,
     .append = append_to<&Directory::Source::accounts>},
    {.name = "ingress_gateways",
     .singular = "ingress_gateway",
     .help = "Peers that calls come from, known by their addresses.",
     .fields = kIngressFields,
     .bounds = kTalkBounds,
     .fields_to_come = kIngressFieldsToCome,
     .defaults = defaults_of<IngressGateway>,
     .append = append_to<&Directory::Source::ingress_gateways>},
    {.name = "outbound_registrations",
     .singular = "outbound_registration",
     .help = "Platforms the switch registers at, as a phone would.",
     .fields = kRegistrationFields,
     .fields_to_come = kRegistrationFieldsToCome,
     .defaults = defaults_of<OutboundRegistration>,
     .append = append_to<&Directory::Source::outbound_registrations>},
    {.name = "egress_gateways",
     .singular = "egress_gateway",
     .help = "Peers that calls go to, chosen by the beginning of the called number.",
     .fields = kEgressFields,
     .bounds = kTalkBounds,
     .fields_to_come = kEgressFieldsToCome,
     .defaults = defaults_of<EgressGateway>,
     .append = append_to<&Directory::Source::egress_gateways>},
    {.name = "phones",
     .singular = "phone",
     .help = "Lines of this switch: they register, call, and are called by their number.",
     .fields = kPhoneFields,
     .bounds = kTalkBounds,
     .fields_to_come = kPhoneFieldsToCome,
     .defaults = defaults_of<Phone>,
     .append = append_to<&Directory::Source::phones>},
};

}  // namespace

std::span<const ResourceRow> all_resources() { return kResources; }

}  // namespace tandem::directory
