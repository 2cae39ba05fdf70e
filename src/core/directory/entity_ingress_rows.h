// The rows of ingress gateways (entities.md 1). Only for the table of rows.
#pragma once

#include "core/directory/entity_group_rows.h"

namespace tandem::directory {

inline constexpr EnumWord kCalleeSource[] = {{"to", 0}, {"request_uri", 1}, {"diversion", 2}};
inline constexpr EnumWord kCallerSource[] = {{"from", 0},
                                      {"remote_party_id", 1},
                                      {"display", 2},
                                      {"p_asserted_identity", 3},
                                      {"p_preferred_identity", 4}};

inline constexpr FieldRow kIngressFields[] = {
    kName,
    bound<&IngressGateway::account>({.name = "account",
                                     .help = "Who pays for the calls; empty = they are not billed.",
                                     .refers_to = "accounts"}),
    kLock<IngressGateway>,
    kCapacity<IngressGateway>,
    kMemberships,
    kEgressGroupsMode,
    kEgressGroups,
    kEgressGatewaysMode,
    kEgressGateways,
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
    kCallerLengths,
    kCalleeLengths,
    called(kCallerPrefixesMode, "calloutCallerPrefixesAllow"),
    called(kCallerPrefixes, "calloutCallerPrefixes"),
    called(kCalleePrefixesMode, "calloutCalleePrefixesAllow"),
    called(kCalleePrefixes, "calloutCalleePrefixes"),
    kCallerGroupsMode,
    kCallerGroups,
    kCalleeGroupsMode,
    kCalleeGroups,
    kCallerListPolicy,
    kCallerList,
    kCalleeListPolicy,
    kCalleeList,
    kPlanCallerOut,
    kPlanCalleeOut<IngressGateway>,
    kProportionalPrefixes,
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
    kQuality<IngressGateway>,
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
    kExternalRedirect,
    kLrnEnable,
    kLrnEat,
    kLrnFailureAction,
    kLrnInterstate,
    kLrnUndetermined,
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

}  // namespace tandem::directory
