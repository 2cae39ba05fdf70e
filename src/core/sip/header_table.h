// What the switch knows of each header by name: one row per HeaderId, in its order. Adding a header
// is adding an enumerator and its row; parsing, compact form and writing follow.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/sip/header_id.h"

namespace tandem::sip {

// How the values of a header stand in a message.
enum class Values : std::uint8_t {
  One,     // a second field makes the message ambiguous: it is refused
  Fields,  // fields may be repeated, a comma is part of the value
  Listed,  // fields may be repeated, each with several values between commas (RFC 3261 §7.3.1)
};

struct HeaderRow {
  HeaderId id;
  std::string_view name;
  char compact;  // compact form, lower case; 0 when there is none
  Values values;
  int rfc;  // where it is defined; 0: our own
};

inline constexpr std::array kHeaders{
    HeaderRow{HeaderId::Unknown, "", 0, Values::Fields, 0},
    HeaderRow{HeaderId::Via, "Via", 'v', Values::Listed, 3261},
    HeaderRow{HeaderId::Route, "Route", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::RecordRoute, "Record-Route", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::From, "From", 'f', Values::One, 3261},
    HeaderRow{HeaderId::To, "To", 't', Values::One, 3261},
    HeaderRow{HeaderId::CallId, "Call-ID", 'i', Values::One, 3261},
    HeaderRow{HeaderId::CSeq, "CSeq", 0, Values::One, 3261},
    HeaderRow{HeaderId::Contact, "Contact", 'm', Values::Listed, 3261},
    HeaderRow{HeaderId::MaxForwards, "Max-Forwards", 0, Values::One, 3261},
    HeaderRow{HeaderId::Expires, "Expires", 0, Values::One, 3261},
    HeaderRow{HeaderId::MinExpires, "Min-Expires", 0, Values::One, 3261},
    HeaderRow{HeaderId::Allow, "Allow", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::Supported, "Supported", 'k', Values::Listed, 3261},
    HeaderRow{HeaderId::Require, "Require", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::Unsupported, "Unsupported", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::ProxyRequire, "Proxy-Require", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::WwwAuthenticate, "WWW-Authenticate", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::Authorization, "Authorization", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::ProxyAuthenticate, "Proxy-Authenticate", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::ProxyAuthorization, "Proxy-Authorization", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::AuthenticationInfo, "Authentication-Info", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::RAck, "RAck", 0, Values::One, 3262},
    HeaderRow{HeaderId::RSeq, "RSeq", 0, Values::One, 3262},
    HeaderRow{HeaderId::SessionExpires, "Session-Expires", 'x', Values::One, 4028},
    HeaderRow{HeaderId::MinSe, "Min-SE", 0, Values::One, 4028},
    HeaderRow{HeaderId::ReferTo, "Refer-To", 'r', Values::One, 3515},
    HeaderRow{HeaderId::ReferredBy, "Referred-By", 'b', Values::One, 3892},
    HeaderRow{HeaderId::Replaces, "Replaces", 0, Values::One, 3891},
    HeaderRow{HeaderId::ReferSub, "Refer-Sub", 0, Values::One, 4488},
    HeaderRow{HeaderId::TargetDialog, "Target-Dialog", 0, Values::One, 4538},
    HeaderRow{HeaderId::Reason, "Reason", 0, Values::Listed, 3326},
    HeaderRow{HeaderId::RetryAfter, "Retry-After", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::Warning, "Warning", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::ErrorInfo, "Error-Info", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::PAssertedIdentity, "P-Asserted-Identity", 0, Values::Listed, 3325},
    HeaderRow{HeaderId::PPreferredIdentity, "P-Preferred-Identity", 0, Values::Listed, 3325},
    HeaderRow{HeaderId::Privacy, "Privacy", 0, Values::Listed, 3323},
    HeaderRow{HeaderId::RemotePartyId, "Remote-Party-ID", 0, Values::Listed, 0},
    HeaderRow{HeaderId::Diversion, "Diversion", 0, Values::Listed, 5806},
    HeaderRow{HeaderId::HistoryInfo, "History-Info", 0, Values::Listed, 7044},
    HeaderRow{HeaderId::PEarlyMedia, "P-Early-Media", 0, Values::Listed, 5009},
    HeaderRow{HeaderId::PChargingVector, "P-Charging-Vector", 0, Values::Fields, 7315},
    HeaderRow{HeaderId::PAccessNetworkInfo, "P-Access-Network-Info", 0, Values::Listed, 7315},
    HeaderRow{HeaderId::Identity, "Identity", 'y', Values::Listed, 8224},
    HeaderRow{HeaderId::IdentityInfo, "Identity-Info", 'n', Values::Fields, 4474},
    HeaderRow{HeaderId::Date, "Date", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::Timestamp, "Timestamp", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::UserAgent, "User-Agent", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::Server, "Server", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::Subject, "Subject", 's', Values::Fields, 3261},
    HeaderRow{HeaderId::Priority, "Priority", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::Organization, "Organization", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::AlertInfo, "Alert-Info", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::CallInfo, "Call-Info", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::Accept, "Accept", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::AcceptEncoding, "Accept-Encoding", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::AcceptLanguage, "Accept-Language", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::AcceptContact, "Accept-Contact", 'a', Values::Listed, 3841},
    HeaderRow{HeaderId::RejectContact, "Reject-Contact", 'j', Values::Listed, 3841},
    HeaderRow{HeaderId::RequestDisposition, "Request-Disposition", 'd', Values::Listed, 3841},
    HeaderRow{HeaderId::AllowEvents, "Allow-Events", 'u', Values::Listed, 6665},
    HeaderRow{HeaderId::Event, "Event", 'o', Values::One, 6665},
    HeaderRow{HeaderId::SubscriptionState, "Subscription-State", 0, Values::One, 6665},
    HeaderRow{HeaderId::SipEtag, "SIP-ETag", 0, Values::One, 3903},
    HeaderRow{HeaderId::SipIfMatch, "SIP-If-Match", 0, Values::One, 3903},
    HeaderRow{HeaderId::InfoPackage, "Info-Package", 0, Values::One, 6086},
    HeaderRow{HeaderId::RecvInfo, "Recv-Info", 0, Values::Listed, 6086},
    HeaderRow{HeaderId::ContentType, "Content-Type", 'c', Values::One, 3261},
    HeaderRow{HeaderId::ContentLength, "Content-Length", 'l', Values::One, 3261},
    HeaderRow{HeaderId::ContentEncoding, "Content-Encoding", 'e', Values::Listed, 3261},
    HeaderRow{HeaderId::ContentLanguage, "Content-Language", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::ContentDisposition, "Content-Disposition", 0, Values::One, 3261},
    HeaderRow{HeaderId::MimeVersion, "MIME-Version", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::InReplyTo, "In-Reply-To", 0, Values::Listed, 3261},
    HeaderRow{HeaderId::ReplyTo, "Reply-To", 0, Values::Fields, 3261},
    HeaderRow{HeaderId::Path, "Path", 0, Values::Listed, 3327},
    HeaderRow{HeaderId::ServiceRoute, "Service-Route", 0, Values::Listed, 3608},
    HeaderRow{HeaderId::UserToUser, "User-to-User", 0, Values::Listed, 7433},
    HeaderRow{HeaderId::Geolocation, "Geolocation", 0, Values::Listed, 6442},
    HeaderRow{HeaderId::ResourcePriority, "Resource-Priority", 0, Values::Listed, 4412},
    HeaderRow{HeaderId::Join, "Join", 0, Values::One, 3911},
    HeaderRow{HeaderId::SecurityClient, "Security-Client", 0, Values::Listed, 3329},
    HeaderRow{HeaderId::SecurityServer, "Security-Server", 0, Values::Listed, 3329},
    HeaderRow{HeaderId::SecurityVerify, "Security-Verify", 0, Values::Listed, 3329},
    HeaderRow{HeaderId::AnswerMode, "Answer-Mode", 0, Values::Fields, 5373},
    HeaderRow{HeaderId::FeatureCaps, "Feature-Caps", 0, Values::Listed, 6809},
    HeaderRow{HeaderId::SessionId, "Session-ID", 0, Values::Fields, 7989},
    HeaderRow{HeaderId::Loop, "X-Tandem-Loop", 0, Values::Fields, 0},
};

constexpr bool header_rows_are_in_order() {
  if (kHeaders.size() != std::size_t(HeaderId::Count)) return false;
  for (std::size_t i = 0; i < kHeaders.size(); ++i) {
    if (kHeaders[i].id != HeaderId(i)) return false;
  }
  return true;
}
static_assert(header_rows_are_in_order(), "kHeaders has one row per HeaderId, in its order");

constexpr const HeaderRow& row_of(HeaderId id) { return kHeaders[std::size_t(id)]; }

}  // namespace tandem::sip
