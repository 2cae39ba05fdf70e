// Rows that ingress and egress gateways have. Only for the table of rows.
#pragma once

#include "core/directory/entity_table_rows.h"
#include "core/directory/entity_shared_rows.h"

namespace tandem::directory {

inline constexpr EnumWord kGatewayLock[] = {{"none", 0}, {"all", 3}};
inline constexpr EnumWord kRateUnit[] = {{"second", 0}, {"minute", 1}, {"system", 2}};

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
                                         .help = "What max_call_rate counts in; system = as "
                                                 "SS_GATEWAY_CALL_RATE_UNIT says.",
                                         .words = kRateUnit});

template <class Gateway>
constexpr FieldRow kQuality = bound<&Gateway::calculate_route_quality>(
    {.name = "calculate_route_quality",
     .alias = "calculateRouteQuality",
     .help = "ASR and ACD of the last while are counted; system = as SS_GATEWAY_QUALITY_CALCULATE "
             "says.",
     .words = kSystemFlagWords});

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

}  // namespace tandem::directory
