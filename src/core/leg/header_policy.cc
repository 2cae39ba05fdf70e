#include "core/leg/header_policy.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "core/sip/headers.h"

namespace tandem::leg {
namespace {

using enum HeaderAction;
using Id = sip::HeaderId;

constexpr std::array kPolicy{
    HeaderPolicyRow{Id::Unknown, Strip, "not known: may tell of the other network"},
    HeaderPolicyRow{Id::Via, Rewrite, "hop by hop"},
    HeaderPolicyRow{Id::Route, Rewrite, "of the dialog"},
    HeaderPolicyRow{Id::RecordRoute, Rewrite, "of the dialog"},
    HeaderPolicyRow{Id::From, Rewrite, "caller as configured, own tag"},
    HeaderPolicyRow{Id::To, Rewrite, "callee as routed, own tag"},
    HeaderPolicyRow{Id::CallId, Rewrite, "of the dialog"},
    HeaderPolicyRow{Id::CSeq, Rewrite, "of the dialog"},
    HeaderPolicyRow{Id::Contact, Rewrite, "our own address"},
    HeaderPolicyRow{Id::MaxForwards, Rewrite, "counted down"},
    HeaderPolicyRow{Id::Expires, Strip, "each leg has its own time-outs"},
    HeaderPolicyRow{Id::MinExpires, Strip, "of registration"},
    HeaderPolicyRow{Id::Allow, Rewrite, "our own abilities"},
    HeaderPolicyRow{Id::Supported, Rewrite, "our own abilities"},
    HeaderPolicyRow{Id::Require, Rewrite, "demanded of us, not of the other side"},
    HeaderPolicyRow{Id::Unsupported, Rewrite, "answers our own Require"},
    HeaderPolicyRow{Id::ProxyRequire, Rewrite, "for proxies on that leg"},
    HeaderPolicyRow{Id::WwwAuthenticate, Rewrite, "secret of one leg"},
    HeaderPolicyRow{Id::Authorization, Rewrite, "secret of one leg"},
    HeaderPolicyRow{Id::ProxyAuthenticate, Rewrite, "secret of one leg"},
    HeaderPolicyRow{Id::ProxyAuthorization, Rewrite, "secret of one leg"},
    HeaderPolicyRow{Id::AuthenticationInfo, Rewrite, "secret of one leg"},
    HeaderPolicyRow{Id::RAck, Rewrite, "each leg acknowledges by itself"},
    HeaderPolicyRow{Id::RSeq, Rewrite, "each leg acknowledges by itself"},
    HeaderPolicyRow{Id::SessionExpires, Rewrite, "each leg has its own timer"},
    HeaderPolicyRow{Id::MinSe, Rewrite, "each leg has its own timer"},
    HeaderPolicyRow{Id::ReferTo, Rewrite, "acted on here"},
    HeaderPolicyRow{Id::ReferredBy, Rewrite, "acted on here"},
    HeaderPolicyRow{Id::Replaces, Rewrite, "names dialogs of one leg"},
    HeaderPolicyRow{Id::ReferSub, Rewrite, "acted on here"},
    HeaderPolicyRow{Id::TargetDialog, Rewrite, "names dialogs of one leg"},
    HeaderPolicyRow{Id::Reason, Rewrite, "written by SS_SIP_REASON_HEADER"},
    HeaderPolicyRow{Id::RetryAfter, Strip, "a vendor's pause is no customer's business"},
    HeaderPolicyRow{Id::Warning, Strip, "names hosts of the other side"},
    HeaderPolicyRow{Id::ErrorInfo, Strip, "points to the other side"},
    HeaderPolicyRow{Id::PAssertedIdentity, Identity, "sip_pai"},
    HeaderPolicyRow{Id::PPreferredIdentity, Identity, "sip_ppi"},
    HeaderPolicyRow{Id::Privacy, Identity, "sip_privacy"},
    HeaderPolicyRow{Id::RemotePartyId, Identity, "sip_rpid"},
    HeaderPolicyRow{Id::Diversion, Rewrite, "made by forward_signal of the gateway"},
    HeaderPolicyRow{Id::HistoryInfo, Rewrite, "made by forward_signal of the gateway"},
    HeaderPolicyRow{Id::PEarlyMedia, Pass, "end to end (RFC 5009)"},
    HeaderPolicyRow{Id::PChargingVector, Strip, "billing of the other network"},
    HeaderPolicyRow{Id::PAccessNetworkInfo, Strip, "tells where the caller is"},
    HeaderPolicyRow{Id::Identity, Strip, "signed over headers that are rewritten"},
    HeaderPolicyRow{Id::IdentityInfo, Strip, "goes with Identity"},
    HeaderPolicyRow{Id::Date, Strip, "each leg has its own"},
    HeaderPolicyRow{Id::Timestamp, Rewrite, "hop by hop"},
    HeaderPolicyRow{Id::UserAgent, Rewrite, "SS_SIP_USER_AGENT"},
    HeaderPolicyRow{Id::Server, Rewrite, "SS_SIP_USER_AGENT"},
    HeaderPolicyRow{Id::Subject, Pass, "end to end"},
    HeaderPolicyRow{Id::Priority, Pass, "end to end"},
    HeaderPolicyRow{Id::Organization, Strip, "names the other side"},
    HeaderPolicyRow{Id::AlertInfo, Pass, "ringing wanted or given"},
    HeaderPolicyRow{Id::CallInfo, Strip, "points to the other side"},
    HeaderPolicyRow{Id::Accept, Rewrite, "our own abilities"},
    HeaderPolicyRow{Id::AcceptEncoding, Rewrite, "our own abilities"},
    HeaderPolicyRow{Id::AcceptLanguage, Pass, "end to end"},
    HeaderPolicyRow{Id::AcceptContact, Strip, "routing of the other network (RFC 3841)"},
    HeaderPolicyRow{Id::RejectContact, Strip, "routing of the other network (RFC 3841)"},
    HeaderPolicyRow{Id::RequestDisposition, Strip, "routing of the other network (RFC 3841)"},
    HeaderPolicyRow{Id::AllowEvents, Rewrite, "our own abilities"},
    HeaderPolicyRow{Id::Event, Rewrite, "of subscriptions"},
    HeaderPolicyRow{Id::SubscriptionState, Rewrite, "of subscriptions"},
    HeaderPolicyRow{Id::SipEtag, Rewrite, "of publications"},
    HeaderPolicyRow{Id::SipIfMatch, Rewrite, "of publications"},
    HeaderPolicyRow{Id::InfoPackage, Pass, "goes with the body of an INFO (RFC 6086)"},
    HeaderPolicyRow{Id::RecvInfo, Strip, "packages are not negotiated"},
    HeaderPolicyRow{Id::ContentType, Rewrite, "written with the body"},
    HeaderPolicyRow{Id::ContentLength, Rewrite, "written with the body"},
    HeaderPolicyRow{Id::ContentEncoding, Strip, "bodies pass uncompressed"},
    HeaderPolicyRow{Id::ContentLanguage, Pass, "goes with the body"},
    HeaderPolicyRow{Id::ContentDisposition, Pass, "goes with the body"},
    HeaderPolicyRow{Id::MimeVersion, Strip, "multipart is taken apart"},
    HeaderPolicyRow{Id::InReplyTo, Strip, "names calls of one leg"},
    HeaderPolicyRow{Id::ReplyTo, Strip, "names the caller's own domain"},
    HeaderPolicyRow{Id::Path, Rewrite, "of registration"},
    HeaderPolicyRow{Id::ServiceRoute, Rewrite, "of registration"},
    HeaderPolicyRow{Id::UserToUser, Pass, "end to end (RFC 7433)"},
    HeaderPolicyRow{Id::Geolocation, Strip, "tells where the caller is"},
    HeaderPolicyRow{Id::ResourcePriority, Pass, "end to end (RFC 4412)"},
    HeaderPolicyRow{Id::Join, Rewrite, "names dialogs of one leg"},
    HeaderPolicyRow{Id::SecurityClient, Rewrite, "hop by hop (RFC 3329)"},
    HeaderPolicyRow{Id::SecurityServer, Rewrite, "hop by hop (RFC 3329)"},
    HeaderPolicyRow{Id::SecurityVerify, Rewrite, "hop by hop (RFC 3329)"},
    HeaderPolicyRow{Id::AnswerMode, Pass, "end to end (RFC 5373)"},
    HeaderPolicyRow{Id::FeatureCaps, Strip, "abilities of the other network"},
    HeaderPolicyRow{Id::SessionId, Strip, "would join the two legs for outsiders (RFC 7989)"},
    HeaderPolicyRow{Id::Loop, Pass, "must travel with the call to end a loop"},
};

constexpr bool complete() {
  if (kPolicy.size() != std::size_t(Id::Count)) return false;
  for (std::size_t i = 0; i < kPolicy.size(); ++i) {
    if (std::size_t(kPolicy[i].id) != i) return false;
  }
  return true;
}
static_assert(complete(), "kPolicy has one row per HeaderId, in its order");

bool listed(std::string_view name, std::span<const std::string> names) {
  for (const std::string& wanted : names) {
    if (equal_ignoring_case(wanted, name)) return true;
  }
  return false;
}

}  // namespace

std::span<const HeaderPolicyRow> header_policy() { return kPolicy; }

HeaderAction action_for(sip::HeaderId id) { return kPolicy[std::size_t(id)].action; }

void append_annex(std::string& annex, const sip::Message& message, Vouched identities) {
  for (const sip::HeaderField& field : message.headers()) {
    const HeaderAction action = action_for(field.id);
    if (action == Rewrite) continue;
    if (action == Identity && identities == Vouched::No && field.id != Id::Privacy) continue;
    if (annex.size() + field.name.size() + field.value.size() + 4 > kAnnexLimit) continue;
    annex.append(field.name).append(": ");
    sip::append_unfolded(annex, field.value);
    annex.append("\r\n");
  }
}

void write_annex(sip::Writer& writer, std::string_view annex, const Passing& passing) {
  while (!annex.empty()) {
    const std::size_t end = annex.find("\r\n");
    const std::string_view line = annex.substr(0, end + 2);
    annex.remove_prefix(line.size());
    const std::string_view name = line.substr(0, line.find(':'));
    const Id id = sip::header_id(name);
    const HeaderAction action = action_for(id);
    const bool free = action == Pass || (id == Id::Privacy && passing.privacy);
    if (!free && !listed(name, passing.pass_headers)) continue;
    if (action == Identity && std::ranges::find(passing.written, id) != passing.written.end()) {
      continue;
    }
    writer.raw(line);
  }
}

std::string_view annex_value(std::string_view annex, sip::HeaderId id) {
  while (!annex.empty()) {
    const std::string_view line = annex.substr(0, annex.find("\r\n"));
    annex.remove_prefix(std::min(annex.size(), line.size() + 2));
    const std::size_t colon = line.find(':');
    if (sip::header_id(line.substr(0, colon)) == id) return trim(line.substr(colon + 1));
  }
  return {};
}

}  // namespace tandem::leg
