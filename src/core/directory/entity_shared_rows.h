// Rows and words that several resources have. Only for the table of rows.
#pragma once

#include <limits>

#include "core/directory/device_rows.h"
#include "core/directory/entity_binding.h"
#include "core/directory/entity_forms.h"
#include "core/directory/entity_rows.h"

namespace tandem::directory {

inline constexpr std::int64_t kNoLimit = std::numeric_limits<std::int32_t>::max();
inline constexpr std::int64_t kMaxRate = 1'000'000;
inline constexpr std::int64_t kMaxTalk = 604'800;  // a week
inline constexpr std::int64_t kMaxTimeout = 600;
inline constexpr std::int64_t kMaxSetup = 3'600;
inline constexpr std::int64_t kMaxPort = 65'535;
inline constexpr std::size_t kMaxAddresses = 1'024;
inline constexpr std::size_t kMaxPrefixes = 1'000'000;

inline constexpr EnumWord kTransport[] = {{"udp", 0}, {"tcp", 1}, {"tls", 2}, {"wss", 3}};
// A WebSocket is opened by the client (RFC 7118): we register over none.
inline constexpr EnumWord kTransportOfOurs[] = {{"udp", 0}, {"tcp", 1}, {"tls", 2}};
inline constexpr EnumWord kRegisterType[] = {{"static", 0}, {"dynamic", 1}};
inline constexpr EnumWord kSipAuthentication[] = {{"ip", 0}, {"ip_port", 1}, {"password", 2}};

inline constexpr BoundsRow kTalkBounds[] = {{"max_call_duration_lower", "max_call_duration_upper"}};

inline constexpr FieldRow kName =
    bound<&EntityHead::name>({.name = "name",
                              .help = "Key; other entities, documents and call records name it.",
                              .form = &kNameForm,
                              .required = true,
                              .unique = true});

inline constexpr FieldRow kExternalId =
    bound<&EntityHead::external_id>({.name = "external_id",
                                     .alias = "externalId",
                                     .help = "Key of the entity in another system.",
                                     .form = &kExternalIdForm,
                                     .unique = true});

inline constexpr FieldRow kMemo = bound<&EntityHead::memo>(
    {.name = "memo", .help = "Notes of the operators.", .form = &kMemoForm});

inline constexpr FieldRow kExternalRedirect = bound<&Device::external_redirect>(
    {.name = "external_redirect",
     .alias = "externalRedirect",
     .help = "The external redirect server is asked where its calls go, when "
             "SS_EXTERNAL_REDIRECT_SCOPE is per_device."});

inline constexpr EnumWord kRoutePolicy[] = {{"none", 0}, {"asr", 1}};

inline constexpr FieldRow kRoutePolicyFirst = bound<&Device::route_policy_first>(
    {.name = "route_policy_first",
     .alias = "firstRoutePolicy",
     .help = "asr: of the gateways with one length of prefix those with the best answer-seizure "
             "ratio come first for its calls, wherever the system puts that key; none = as the "
             "system says.",
     .words = kRoutePolicy});
inline constexpr FieldRow kRoutePolicySecond = bound<&Device::route_policy_second>(
    {.name = "route_policy_second",
     .alias = "secondRoutePolicy",
     .help = "Likewise, behind route_policy_first.",
     .words = kRoutePolicy});

inline constexpr EnumWord kLrnFailure[] = {{"reject", 0}, {"continue", 1}};
inline constexpr std::int64_t kMaxEaten = 32;

inline constexpr FieldRow kLrnEnable = bound<&Device::lrn_enable>(
    {.name = "lrn_enable",
     .alias = "lrnEnable",
     .help = "The numbers it calls are looked up before they are routed: whether they were ported, "
             "and where to (group lrn of the parameters)."});
inline constexpr FieldRow kLrnEat = bound<&Device::lrn_eat_prefix_length>(
    {.name = "lrn_eat_prefix_length",
     .alias = "lrnEatPrefixLength",
     .help = "Characters in front of a number that are not looked up.",
     .max = kMaxEaten});
inline constexpr FieldRow kLrnFailureAction = bound<&Device::lrn_failure_action>(
    {.name = "lrn_failure_action",
     .alias = "lrnFailureAction",
     .help = "When nobody answers, or there is no such number: reject = the call ends with "
             "lrn_failed, continue = it goes on as dialled.",
     .words = kLrnFailure});
inline constexpr FieldRow kLrnInterstate = bound<&Device::lrn_interstate_billing_prefix>(
    {.name = "lrn_interstate_billing_prefix",
     .alias = "lrnInterstateBillingPrefix",
     .help = "Put in front of the billed number when caller and called number are in different "
             "regions.",
     .form = &kNumberOrNoneForm});
inline constexpr FieldRow kLrnUndetermined = bound<&Device::lrn_undetermined_billing_prefix>(
    {.name = "lrn_undetermined_billing_prefix",
     .alias = "lrnUndeterminedBillingPrefix",
     .help = "Put in front of the billed number when one of the regions is not known.",
     .form = &kNumberOrNoneForm});

template <class Terminal>
constexpr FieldRow kPassword = bound<&Terminal::password>(
    {.name = "password",
     .help = "Of registration and of calls that are challenged. A new one is made up when none is "
             "given. Shown only to who asks for secrets.",
     .form = &kPasswordForm,
     .secret = true,
     .made_up = true});

}  // namespace tandem::directory
