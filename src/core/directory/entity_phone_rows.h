// The rows of phones (entities.md 1 and 2). Only for the table of rows.
#pragma once

#include "core/directory/entity_number_rows.h"

namespace tandem::directory {

inline constexpr EnumWord kPhoneLock[] = {
    {"none", 0}, {"outgoing", 1}, {"incoming", 2}, {"both", 3}};

inline constexpr FieldRow kPhoneFields[] = {
    bound<&EntityHead::name>({.name = "name",
                              .alias = "e164",
                              .help = "Its number: what it registers as and is called by.",
                              .form = &kPhoneNumberForm,
                              .required = true,
                              .unique = true}),
    kPassword<Phone>,
    bound<&Phone::account>({.name = "account",
                            .help = "Who pays for its calls; empty = they are not billed.",
                            .refers_to = "accounts"}),
    bound<&Phone::lock_type>({.name = "lock_type",
                              .alias = "lockType",
                              .help = "Calls that are refused: those it makes, those to it, or both.",
                              .words = kPhoneLock}),
    bound<&Phone::capacity>({.name = "capacity",
                             .alias = "lineCapacity",
                             .help = "Concurrent calls, both directions together; 0 = no limit.",
                             .unit = "calls",
                             .max = kNoLimit}),
    bound<&Phone::line_call_in>({.name = "line_call_in",
                                 .alias = "lineCallIn",
                                 .help = "Concurrent calls to it; 0 = no limit.",
                                 .unit = "calls",
                                 .max = kNoLimit}),
    bound<&Phone::line_call_out>({.name = "line_call_out",
                                  .alias = "lineCallOut",
                                  .help = "Concurrent calls it makes; 0 = no limit.",
                                  .unit = "calls",
                                  .max = kNoLimit}),
    bound<&Phone::register_type>(
        {.name = "register_type",
         .alias = "registerType",
         .help = "dynamic: it registers; static: it is always at remote_ips.",
         .words = kRegisterType}),
    bound<&Phone::remote_ips>({.name = "remote_ips",
                               .alias = "ip",
                               .help = "Where a static phone is: addresses, each with or without a "
                                       "port.",
                               .max_entries = kMaxNames,
                               .form = &kGatewayAddressForm}),
    bound<&Phone::signal_port>({.name = "signal_port",
                                .alias = "port",
                                .help = "Port of the addresses that name none.",
                                .min = 1,
                                .max = kMaxPort}),
    bound<&Phone::transport>({.name = "transport",
                              .help = "How messages are sent to a static phone.",
                              .words = kTransport}),
    bound<&Phone::local_ip>({.name = "local_ip",
                             .alias = "localIp",
                             .help = "Our address that a static phone is called from; empty = "
                                     "chosen by the route.",
                             .form = &kAddressForm}),
    bound<&Phone::local_port>(
        {.name = "local_port",
         .alias = "signalPortLocal",
         .help = "Our port that a static phone is called from; 0 = the first.",
         .max = kMaxPort}),
    bound<&Phone::sip_authentication_method>(
        {.name = "sip_authentication_method",
         .alias = "sipAuthenticationMethod",
         .help = "What a call of it is known by: the address of its registration, address and "
                 "port, or its password with each call.",
         .words = kSipAuthentication}),
    kRequestAddress,
    kResponseAddress,
    kTimer,
    kReliable,
    kPrivacySupport,
    kPrivacy,
    kPreferred,
    kAsserted,
    kUserPhone,
    kLocalDomain,
    kAllowPublish,
    kRemoteRing,
    kExtraHeaders,
    kPassHeaders,
    kCodecAssign,
    kCodecs,
    bound<&Phone::display_number>({.name = "display_number",
                                   .alias = "displayNumber",
                                   .help = "Caller that others see; empty = its number.",
                                   .form = &kNumberOrNoneForm}),
    kPlanCalleeOut<Phone>,
    kPlanCallerIn<Phone>,
    kPlanCalleeIn<Phone>,
    bound<&Phone::max_call_duration_lower>(
        {.name = "max_call_duration_lower",
         .alias = "maxCallDurationLower",
         .help = "Longest talk time; with a higher upper bound a time between both is drawn per "
                 "call. Both -1: SS_MAX_CALL_DURATION decides; both 0: no limit.",
         .unit = "s",
         .min = -1,
         .max = kMaxTalk}),
    bound<&Phone::max_call_duration_upper>(
        {.name = "max_call_duration_upper",
         .alias = "maxCallDurationUpper",
         .help = "Upper bound of the longest talk time; not below max_call_duration_lower.",
         .unit = "s",
         .min = -1,
         .max = kMaxTalk}),
    kExternalId,
    kMemo,
};

}  // namespace tandem::directory
