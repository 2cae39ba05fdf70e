// Rows about pools, the number transform table and areas: those of their own, and those by which
// devices use them (entities.md 1, 8 and 13). Only for the table of rows.
#pragma once

#include "core/directory/entity_list_rows.h"

namespace tandem::directory {

inline constexpr EnumWord kPoolMode[] = {{"poll", 0}, {"random", 1}};
inline constexpr EnumWord kMobilePrefixMode[] = {{"off", 0}, {"listed", 1}, {"others", 2}};
inline constexpr EnumWord kCalleeRestrict[] = {{"none", 0}, {"phone", 1}, {"no_phone", 2}};
inline constexpr EnumWord kNumberClass[] = {{"city", 0}, {"mobile", 1}, {"other", 2}};
inline constexpr std::size_t kMaxAreaCodes = 1'024;

inline constexpr FieldRow kCallerPoolEnable = bound<&EgressGateway::caller_pool_enable>(
    {.name = "caller_pool_enable",
     .alias = "rewriteRulesInCallerUseE164GroupEnable",
     .help = "Each call to it gets a caller of caller_pool_group, before plan_caller_in; without a "
             "free one it is passed over."});
inline constexpr FieldRow kCallerPoolGroup = bound<&EgressGateway::caller_pool_group>(
    {.name = "caller_pool_group",
     .alias = "rewriteRulesInCallerUseE164Group",
     .help = "Whose whole numbers are the callers; several gateways may share one.",
     .refers_to = "number_groups"});
inline constexpr FieldRow kCallerPoolLines = bound<&EgressGateway::caller_pool_lines>(
    {.name = "caller_pool_lines",
     .alias = "rewriteRulesInCallerUseE164GroupLine",
     .help = "Concurrent calls of each number, over all gateways that use the group; 0 = no limit.",
     .unit = "calls",
     .max = kNoLimit});
inline constexpr FieldRow kCallerPoolMode = bound<&EgressGateway::caller_pool_mode>(
    {.name = "caller_pool_mode",
     .alias = "callerPoolMode",
     .help = "poll: the next number after the one used last; random: any that is free.",
     .words = kPoolMode});
inline constexpr FieldRow kCallerPoolMultiplex = bound<&EgressGateway::caller_pool_multiplex>(
    {.name = "caller_pool_multiplex",
     .alias = "callerPoolMultiplex",
     .help = "off: one call of each number, whatever caller_pool_lines says."});

inline constexpr FieldRow kForwardPoolEnable = bound<&Gateway::forward_pool_enable>(
    {.name = "forward_pool_enable",
     .alias = "forwardSignalRewriteE164GroupEnable",
     .help = "A call with a forwarding number gets one of forward_pool_group instead."});
inline constexpr FieldRow kForwardPoolGroup = bound<&Gateway::forward_pool_group>(
    {.name = "forward_pool_group",
     .alias = "forwardSignalRewriteE164Group",
     .help = "Whose whole numbers are the forwarding numbers.",
     .refers_to = "number_groups"});
inline constexpr FieldRow kForwardPoolMode = bound<&Gateway::forward_pool_mode>(
    {.name = "forward_pool_mode",
     .alias = "FORWARD_SIGNAL_REWRITE_SEQUENCE",
     .help = "poll: the next number after the one used last; random: any.",
     .words = kPoolMode});

inline constexpr FieldRow kTransform = bound<&Gateway::number_transform>(
    {.name = "number_transform",
     .alias = "groupE164Change",
     .help = "The number transform table is used: for callers of an ingress gateway after its dial "
             "plans, for numbers called at an egress gateway before its."});
inline constexpr FieldRow kTransformRequired = bound<&Gateway::transform_required>(
    {.name = "transform_required",
     .help = "on: a number without a row of the table is refused, or the gateway passed over."});

template <auto kMember>
consteval FieldRow class_switch(std::string_view name, std::string_view alias,
                                std::string_view help) {
  return bound<kMember>({.name = name, .alias = alias, .help = help});
}

inline constexpr FieldRow kCallerClassCheck = class_switch<&Gateway::caller_class_check>(
    "caller_class_check", "callerE164CheckEnable",
    "The caller must be of one of the classes that follow, by areas and number sections.");
inline constexpr FieldRow kCallerClassCity = class_switch<&Gateway::caller_class_city>(
    "caller_class_city", "callerE164CheckCity", "Callers with a fixed line of a city pass.");
inline constexpr FieldRow kCallerClassMobile = class_switch<&Gateway::caller_class_mobile>(
    "caller_class_mobile", "callerE164CheckMobile", "Callers with a mobile pass.");
inline constexpr FieldRow kCallerClassOther = class_switch<&Gateway::caller_class_other>(
    "caller_class_other", "callerE164CheckOther", "Other callers pass.");
inline constexpr FieldRow kCalleeClassCheck = class_switch<&Gateway::callee_class_check>(
    "callee_class_check", "calleeE164CheckEnable",
    "The called number must be of one of the classes that follow, by areas and number sections.");
inline constexpr FieldRow kCalleeClassCity = class_switch<&Gateway::callee_class_city>(
    "callee_class_city", "calleeE164CheckCity", "Numbers of fixed lines of a city pass.");
inline constexpr FieldRow kCalleeClassMobile = class_switch<&Gateway::callee_class_mobile>(
    "callee_class_mobile", "calleeE164CheckMobile", "Mobile numbers pass.");
inline constexpr FieldRow kCalleeClassOther = class_switch<&Gateway::callee_class_other>(
    "callee_class_other", "calleeE164CheckOther", "Other numbers pass.");

template <auto kMember>
consteval FieldRow area_codes(std::string_view name, std::string_view alias,
                              std::string_view help) {
  return bound<kMember>({.name = name,
                         .alias = alias,
                         .help = help,
                         .max_entries = kMaxAreaCodes,
                         .form = &kPhoneNumberForm});
}

inline constexpr FieldRow kMobileAreaMode = rule_mode<&Gateway::mobile_area_mode>(
    "mobile_area_mode", "checkMobileAreaAllow", "What mobile_areas says.");
inline constexpr FieldRow kMobileAreas = area_codes<&Gateway::mobile_areas>(
    "mobile_areas", "checkMobileArea",
    "Codes of areas whose mobiles may be called, or may not; empty = any.");
inline constexpr FieldRow kMobilePrefixMode_ = bound<&Device::mobile_prefix_mode>(
    {.name = "mobile_prefix_mode",
     .alias = "rewriteRulesInMobileAreaAllow",
     .help = "The area code is put in front of called mobiles: listed = of mobile_prefix_areas, "
             "others = of all areas but them.",
     .words = kMobilePrefixMode});
inline constexpr FieldRow kMobilePrefixAreas = area_codes<&Device::mobile_prefix_areas>(
    "mobile_prefix_areas", "rewriteRulesInMobileArea", "Codes of the areas mobile_prefix_mode means.");
inline constexpr FieldRow kSameCityMode = rule_mode<&IngressGateway::same_city_mode>(
    "same_city_mode", "denySameCityCodesAllow", "What same_city_codes says.");
inline constexpr FieldRow kSameCityCodes = area_codes<&IngressGateway::same_city_codes>(
    "same_city_codes", "denySameCityCodes",
    "Codes of areas within which calls may be made, or may not; empty = any.");
inline constexpr FieldRow kRestrict = bound<&IngressGateway::callee_restrict>(
    {.name = "callee_restrict",
     .alias = "calleeE164Restrict",
     .help = "phone: it may only call phones of this switch; no_phone: it may not.",
     .words = kCalleeRestrict});

inline constexpr FieldRow kTransformFields[] = {
    bound<&EntityHead::name>({.name = "name",
                              .alias = "e164",
                              .help = "The number as this platform knows it.",
                              .form = &kPhoneNumberForm,
                              .required = true,
                              .unique = true}),
    bound<&NumberTransform::account>({.name = "account",
                                      .help = "Whose calls the row is for; empty = everybody's. A "
                                              "row of the account counts before one of everybody.",
                                      .refers_to = "accounts"}),
    bound<&NumberTransform::ingress_caller>(
        {.name = "ingress_caller",
         .alias = "mappingGatewayCallerE164",
         .help = "The caller it is seen as where calls come from; empty = none.",
         .form = &kNumberOrNoneForm}),
    bound<&NumberTransform::egress_callee>(
        {.name = "egress_callee",
         .alias = "routingGatewayCalleeE164",
         .help = "The number to send where calls to it go; empty = it stays.",
         .form = &kNumberOrNoneForm}),
    kExternalId,
    kMemo,
};

inline constexpr FieldRow kAreaFields[] = {
    kName,
    bound<&Area::code>({.name = "code",
                        .alias = "areaCode",
                        .help = "What fields of devices call it by.",
                        .form = &kPhoneNumberForm,
                        .required = true,
                        .unique = true}),
    bound<&Area::prefixes>({.name = "prefixes",
                            .help = "Beginnings of its fixed lines; of all areas the longest one "
                                    "that a number has counts.",
                            .max_entries = kMaxPrefixes,
                            .form = &kAreaPrefixForm}),
    bound<&Area::mobile_prefixes>({.name = "mobile_prefixes",
                                   .alias = "mobilePrefix",
                                   .help = "Beginnings of its mobile numbers.",
                                   .max_entries = kMaxPrefixes,
                                   .form = &kMobilePrefixForm}),
    kExternalId,
    kMemo,
};

inline constexpr FieldRow kSectionFields[] = {
    kName,
    bound<&NumberSection::range>({.name = "range",
                                  .help = "The first and the last number.",
                                  .form = &kNumberRangeForm,
                                  .required = true}),
    bound<&NumberSection::area>({.name = "area",
                                 .help = "Where they are; empty = as prefixes of areas say.",
                                 .refers_to = "areas"}),
    bound<&NumberSection::number_class>({.name = "class",
                                         .help = "What they are.",
                                         .words = kNumberClass}),
    bound<&NumberSection::changed_to>(
        {.name = "changed_to",
         .help = "What the numbers became: calls to them end with geo_number_changed. Empty = they "
                 "are in use.",
         .form = &kNumberOrNoneForm}),
    kExternalId,
    kMemo,
};

}  // namespace tandem::directory
