// Rows of the fields that several kinds of devices have (entities.md 1): a device is a gateway of
// either side or a phone, and each lists those it has. What they mean for a leg is compiled by
// rules_of() (device_rules.h).
#pragma once

#include "core/directory/entity_binding.h"
#include "core/directory/entity_forms.h"

namespace tandem::directory {

inline constexpr std::size_t kMaxNames = 64;  // of headers, domains, ports, codes

inline constexpr EnumWord kRequestAddressWords[] = {
    {"source_socket", 0}, {"source_ip_contact_port", 1}, {"contact", 2}};
inline constexpr EnumWord kResponseAddressWords[] = {
    {"source_socket", 0}, {"source_ip_via_port", 1}, {"via", 2}};
inline constexpr EnumWord kSystemFlagWords[] = {{"system", 0}, {"on", 1}, {"off", 2}};

inline constexpr FieldRow kRequestAddress =
    bound<&Device::request_address>({.name = "request_address",
                                     .alias = "sipRequestAddressMethod",
                                     .help = "Where requests within the dialog are sent.",
                                     .words = kRequestAddressWords});

inline constexpr FieldRow kResponseAddress =
    bound<&Device::response_address>({.name = "response_address",
                                      .alias = "sipResponseAddressMethod",
                                      .help = "Where answers to its requests are sent.",
                                      .words = kResponseAddressWords});

inline constexpr FieldRow kReliable = bound<&Device::sip_100rel>(
    {.name = "sip_100rel",
     .alias = "sip100Rel",
     .help = "Reliable provisional answers (RFC 3262) as SS_SIP_100REL says; off: never."});

inline constexpr FieldRow kTimer = bound<&Device::sip_timer>(
    {.name = "sip_timer",
     .alias = "sipTimer",
     .help = "Session timer (RFC 4028) on legs of this device; off: no timer header is sent or "
             "heeded, and an INVITE that requires one is refused."});

inline constexpr FieldRow kUserPhone = bound<&Device::user_phone>(
    {.name = "user_phone",
     .alias = "userPhone",
     .help = "Adds user=phone to Request-URI, From and To; system = SS_SIP_USER_PHONE decides.",
     .words = kSystemFlagWords});

inline constexpr FieldRow kLocalDomain = bound<&Device::local_domain>(
    {.name = "local_domain",
     .alias = "localDomain",
     .help = "Host written into From towards this gateway; empty = our address.",
     .form = &kOwnDomainForm});

inline constexpr FieldRow kPassHeaders = bound<&Device::pass_headers>(
    {.name = "pass_headers",
     .alias = "passHeaders",
     .help = "Headers copied to this gateway from the other leg, besides those that always are.",
     .max_entries = kMaxNames,
     .form = &kHeaderNameForm});

}  // namespace tandem::directory
