// The rows of egress gateways (entities.md 1). Only for the table of rows.
#pragma once

#include "core/directory/entity_calendar_rows.h"
#include "core/directory/entity_group_rows.h"

namespace tandem::directory {

inline constexpr EnumWord kPrefixStyle[] = {{"terminate", 0}, {"continue", 1}};
inline constexpr EnumWord kSystemSwitch[] = {{"system", 0}, {"deny", 1}, {"allow", 2}};
inline constexpr EnumWord kForwardSignal[] = {
    {"none", 0}, {"diversion", 1}, {"history_info", 2}, {"both", 3}};
inline constexpr EnumWord kRedirectMode[] = {
    {"system", 0}, {"reject", 1}, {"follow", 2}, {"failover", 3}};
inline constexpr EnumWord kEgressRegister[] = {{"static", 0}, {"dynamic", 1}, {"outbound", 2}};

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

inline constexpr FieldRow kEgressFields[] = {
    kName,
    kLock<EgressGateway>,
    kCapacity<EgressGateway>,
    kPeriodCapacity,
    kMemberships,
    kTagsRequired<EgressGateway>,
    kTagsAny<EgressGateway>,
    kTagsExcluded<EgressGateway>,
    kCalendar,
    kUsedWhen,
    kPeriodRules,
    kPeriodPlans,
    kMaxCallRate<EgressGateway>,
    kMaxCallRateUnit<EgressGateway>,
    bound<&EgressGateway::priority>(
        {.name = "priority",
         .help = "Of gateways with an equally long prefix the smallest number is tried first.",
         .max = kNoLimit}),
    kPeriodPriority,
    bound<&EgressGateway::protect>(
        {.name = "protect",
         .help = "A reserve: tried when all others have failed, and not before "
                 "SS_TRY_PROTECT_ROUTE_DELAY."}),
    bound<&EgressGateway::weight>(
        {.name = "weight",
         .help = "Gateways of the same rank (prefix, priority) that have a weight take turns in "
                 "proportion to it, in front of those that have none; 0 = load decides.",
         .max = 1'000'000}),
    bound<&EgressGateway::throttle_above>(
        {.name = "throttle_above",
         .help = "When more than so many of a hundred attempts of the quality window neither rang "
                 "nor were answered, it gets the fewer of its calls the more fail, at least one in "
                 "twenty; 0 = never. Its quality is counted then.",
         .unit = "%",
         .max = 99}),
    bound<&EgressGateway::trial_share>(
        {.name = "trial_share",
         .help = "So many of a hundred calls that it could take go to it first, whatever its rank: "
                 "to try a vendor.",
         .unit = "%",
         .max = 100}),
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
        {.name = "transport",
         .help = "How messages are sent to it; wss: on the connection it has opened to us.",
         .words = kTransport}),
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
    kCallerLengths,
    kCalleeLengths,
    called(kCallerPrefixesMode, "callinCallerPrefixesAllow"),
    called(kCallerPrefixes, "callinCallerPrefixes"),
    called(kCalleePrefixesMode, "callinCalleePrefixesAllow"),
    called(kCalleePrefixes, "callinCalleePrefixes"),
    kForwardPrefixesMode,
    kForwardPrefixes,
    kCallerGroupsMode,
    kCallerGroups,
    kCalleeGroupsMode,
    kCalleeGroups,
    kCallerListPolicy,
    kCallerList,
    kCalleeListPolicy,
    kCalleeList,
    kPairsMode,
    kPairs,
    kCallerClassCheck,
    kCallerClassCity,
    kCallerClassMobile,
    kCallerClassOther,
    kCalleeClassCheck,
    kCalleeClassCity,
    kCalleeClassMobile,
    kCalleeClassOther,
    kMobileAreaMode,
    kMobileAreas,
    kMobilePrefixMode_,
    kMobilePrefixAreas,
    kTransform,
    kTransformRequired,
    kForwardPoolEnable,
    kForwardPoolGroup,
    kForwardPoolMode,
    kCallerPoolEnable,
    kCallerPoolGroup,
    kCallerPoolLines,
    kCallerPoolMode,
    kCallerPoolMultiplex,
    kPlanCallerIn<EgressGateway>,
    kPlanCalleeIn<EgressGateway>,
    kPlanIdentity,
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
    bound<&EgressGateway::forward_signal>(
        {.name = "forward_signal",
         .alias = "forwardSignal",
         .help = "Which header tells it who forwarded a call: Diversion (RFC 5806), History-Info "
                 "(RFC 7044), both, or none.",
         .words = kForwardSignal}),
    bound<&EgressGateway::send_rn>(
        {.name = "send_rn",
         .alias = "sendRn",
         .help = "The routing number of a ported number, and that it was looked up, go into the "
                 "Request-URI: ;rn=12125550199;npdi (RFC 4694)."}),
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
    kQuality<EgressGateway>,
    bound<&EgressGateway::register_type>(
        {.name = "register_type",
         .alias = "registerType",
         .help = "static: its calls go to remote_ips; dynamic: it registers under its name, and they "
                 "go where it is registered; outbound: they go over outbound_registration, as its "
                 "user, and only while that is registered.",
         .words = kEgressRegister}),
    bound<&EgressGateway::password>(
        {.name = "password",
         .help = "With which it registers, when register_type is dynamic; empty = it cannot. An ingress "
                 "gateway of the same name that registers is the same device: the password of that "
                 "one counts.",
         .form = &kPasswordForm,
         .secret = true}),
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
    bound<&EgressGateway::redirect_mode>(
        {.name = "redirect_mode",
         .alias = "redirectMode",
         .help = "Its 3xx: reject = the call ends, follow = the call goes where the Contacts say, "
                 "to this switch or to an egress gateway, failover = the next gateway is tried; "
                 "system = SS_GATEWAY_SWITCH_3XX decides.",
         .words = kRedirectMode}),
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

}  // namespace tandem::directory
