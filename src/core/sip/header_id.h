// The headers the switch knows by name: one row each. Whatever is not listed is Unknown and keeps
// its bytes. kHeaders (headers.h) gives name, compact form, and whether values may be comma-listed.
#pragma once

#include <cstdint>
#include <string_view>

namespace tandem::sip {

enum class HeaderId : std::uint8_t {
  Unknown,
  Via, Route, RecordRoute, From, To, CallId, CSeq, Contact, MaxForwards, Expires, MinExpires,
  Allow, Supported, Require, Unsupported, ProxyRequire,
  WwwAuthenticate, Authorization, ProxyAuthenticate, ProxyAuthorization, AuthenticationInfo,
  RAck, RSeq, SessionExpires, MinSe,
  ReferTo, ReferredBy, Replaces, ReferSub, TargetDialog,
  Reason, RetryAfter, Warning, ErrorInfo,
  PAssertedIdentity, PPreferredIdentity, Privacy, RemotePartyId, Diversion, HistoryInfo,
  PEarlyMedia, PChargingVector, PAccessNetworkInfo, Identity, IdentityInfo,
  Date, Timestamp, UserAgent, Server, Subject, Priority, Organization, AlertInfo, CallInfo,
  Accept, AcceptEncoding, AcceptLanguage, AcceptContact, RejectContact, RequestDisposition,
  AllowEvents, Event, SubscriptionState, SipEtag, SipIfMatch, InfoPackage, RecvInfo,
  ContentType, ContentLength, ContentEncoding, ContentLanguage, ContentDisposition, MimeVersion,
  InReplyTo, ReplyTo, Path, ServiceRoute, UserToUser, Geolocation, ResourcePriority, Join,
  SecurityClient, SecurityServer, SecurityVerify, AnswerMode, FeatureCaps, SessionId, Loop,
  Count,
};

// Canonical name for writing ("Call-ID"); Loop is our own X-Tandem-Loop.
std::string_view name_of(HeaderId id);
// By full name or compact form, case-insensitive; Unknown when not listed.
HeaderId header_id(std::string_view name);

}  // namespace tandem::sip
