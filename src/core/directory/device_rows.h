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
inline constexpr EnumWord kPrivacyWords[] = {
    {"none", 0}, {"pass", 1}, {"id", 2}, {"value_none", 3}};
inline constexpr EnumWord kIdentityWords[] = {{"none", 0}, {"pass", 1}, {"caller", 2}};
inline constexpr EnumWord kScreenWords[] = {{"no", 0}, {"yes", 1}};
inline constexpr EnumWord kNumberDisplayWords[] = {{"number", 0}, {"plus_number", 1}, {"name", 2}};
inline constexpr EnumWord kRemoteRingWords[] = {{"pass", 0}, {"183_sdp", 1}, {"180_sdp", 2}};
inline constexpr EnumWord kG729ModeWords[] = {{"auto", 0}, {"g729", 1}, {"g729a", 2}, {"both", 3}};
inline constexpr EnumWord kAnnexWords[] = {
    {"auto", 0}, {"yes", 1}, {"no", 2}, {"omit", 3}, {"pass", 4}};
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
     .help = "Host that stands for us in From, To and Contact towards it (in Contact alone when it "
             "is the one that calls); empty = our address.",
     .form = &kOwnDomainForm});

// ---- who calls (docs/operating/headers.md)

inline constexpr FieldRow kPrivacySupport = bound<&Device::sip_privacy_support>(
    {.name = "sip_privacy_support",
     .alias = "sipPrivacySupport",
     .help = "Its callers may hide, by Privacy or an anonymous From (RFC 3323); off: that is not "
             "heeded."});

inline constexpr FieldRow kPrivacy = bound<&Device::sip_privacy>(
    {.name = "sip_privacy",
     .alias = "sipPrivacy",
     .help = "Privacy sent to it: none; pass = as the caller sent it; id = always id, and the "
             "caller is hidden; value_none = always the value none. Without Privacy: id a caller "
             "who hides is hidden by the switch.",
     .words = kPrivacyWords});

inline constexpr FieldRow kPreferred = bound<&Device::sip_ppi>(
    {.name = "sip_ppi",
     .alias = "sipPPreferredIdentity",
     .help = "P-Preferred-Identity sent to it: none, the number of the caller's own one, or the "
             "caller number.",
     .words = kIdentityWords});

inline constexpr FieldRow kAsserted = bound<&Device::sip_pai>(
    {.name = "sip_pai",
     .alias = "sipPAssertedIdentity",
     .help = "P-Asserted-Identity (RFC 3325) sent to it: none, the number of the caller's own one, "
             "or the caller number. Of a hidden caller only together with Privacy: id.",
     .words = kIdentityWords});

inline constexpr FieldRow kDisplay = bound<&Device::sip_display>(
    {.name = "sip_display",
     .alias = "sipDisplay",
     .help = "The name of the caller is sent to it, in From and the identity headers."});

inline constexpr FieldRow kRpid =
    bound<&Device::sip_rpid>({.name = "sip_rpid",
                              .alias = "sipRemotePartyId",
                              .help = "Remote-Party-ID with the caller number is sent to it."});

inline constexpr FieldRow kRpidScreen =
    bound<&Device::sip_rpid_screen>({.name = "sip_rpid_screen",
                                     .alias = "sipRemotePartyIdScreen",
                                     .help = "screen of Remote-Party-ID: the number was checked.",
                                     .words = kScreenWords});

inline constexpr FieldRow kNumberDisplay = bound<&Device::sip_number_display_type>(
    {.name = "sip_number_display_type",
     .alias = "sipE164DisplayType",
     .help = "The caller in From and the identity headers: the number; the number with a + before "
             "it; in From the name, when the caller has one.",
     .words = kNumberDisplayWords});

// ---- other headers

inline constexpr FieldRow kAllowPublish = bound<&Device::allow_publish>(
    {.name = "allow_publish",
     .alias = "allowPublish",
     .help = "PUBLISH (RFC 3903) from it is accepted; off: 405; system = SS_SIP_ALLOW_PUBLISH "
             "decides.",
     .words = kSystemFlagWords});

inline constexpr FieldRow kReason = bound<&Device::reason_header>(
    {.name = "reason_header",
     .alias = "reasonHeader",
     .help = "Reason (RFC 3326, RFC 6432) is sent to it and recorded from it; off: neither; system "
             "= SS_SIP_REASON_HEADER decides.",
     .words = kSystemFlagWords});

inline constexpr FieldRow kPreferCause = bound<&Device::prefer_reason_cause>(
    {.name = "prefer_reason_cause",
     .alias = "preferReasonCause",
     .help = "A Q.850 cause in a Reason counts more than the SIP status: of an egress gateway it is "
             "the end reason; an ingress gateway gets the status that belongs to it."});

inline constexpr FieldRow kRemoteRing = bound<&Device::remote_ring>(
    {.name = "remote_ring",
     .alias = "sipRemoteRingSignal",
     .help = "180 and 183 with early media of the called side are sent to it as they come, as 183 "
             "with SDP, or as 180 with SDP.",
     .words = kRemoteRingWords});

inline constexpr FieldRow kExtraHeaders = bound<&Device::extra_headers>(
    {.name = "extra_headers",
     .alias = "sipExtraHeader",
     .help = "Headers added to requests to it, each Name: value. ${caller}, ${callee}, ${callid} "
             "(Call-ID of the caller), ${account} and ${ingress} stand for what the call has.",
     .max_entries = 16,
     .form = &kExtraHeaderForm});

inline constexpr FieldRow kPassHeaders = bound<&Device::pass_headers>(
    {.name = "pass_headers",
     .alias = "passHeaders",
     .help = "Headers copied to this device from the other leg, besides those that always are.",
     .max_entries = kMaxNames,
     .form = &kHeaderNameForm});

// ---- codecs

inline constexpr FieldRow kCodecAssign = bound<&Device::sip_codec_assign>(
    {.name = "sip_codec_assign",
     .alias = "sipCodecAssign",
     .help = "Only the codecs of sip_codecs are offered to it and taken from its offers, in their "
             "order; a call that has none of them ends with codec_mismatch."});

inline constexpr FieldRow kCodecs =
    bound<&Device::sip_codecs>({.name = "sip_codecs",
                                .alias = "sipCodecs",
                                .help = "Codecs for sip_codec_assign, the best first.",
                                .max_entries = kMaxNames,
                                .form = &kCodecForm});

inline constexpr FieldRow kG729Mode = bound<&Device::sip_g729_mode>(
    {.name = "sip_g729_mode",
     .alias = "sipG729SendMode",
     .help = "How G.729 is called towards it: auto = as it calls it itself, else as the other side "
             "does; g729, g729a = every variant so; both = offered under both names.",
     .words = kG729ModeWords});

inline constexpr FieldRow kAnnexB = bound<&Device::sip_g729_annexb>(
    {.name = "sip_g729_annexb",
     .alias = "sipG729Annexb",
     .help = "annexb of G.729 towards it: auto = as the other side says, but no when it said no "
             "itself (RFC 7261); yes; no; omit = not spoken of; pass = as the other side says.",
     .words = kAnnexWords});

inline constexpr FieldRow kAnnexA = bound<&Device::sip_g723_annexa>(
    {.name = "sip_g723_annexa",
     .alias = "sipG723Annexa",
     .help = "annexa of G.723.1 towards it, likewise.",
     .words = kAnnexWords});

}  // namespace tandem::directory
