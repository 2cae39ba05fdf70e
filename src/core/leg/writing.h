// Pieces of messages that the parts of a leg share, and that the exchange uses for answers outside
// dialogs.
#pragma once

#include <string>
#include <string_view>

#include "core/leg/leg.h"

namespace tandem::leg {

// Methods a peer may send in or outside a dialog: the Allow header.
inline constexpr std::string_view kAllowed =
    "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, MESSAGE";

// Via (topmost amended, RFC 3581), From, Call-ID and CSeq lines of every answer to `request`, and
// its Record-Route lines when `record_routes`.
void append_response_head(std::string& head, const sip::Message& request, const sip::Path& path,
                          bool record_routes = false);
// A From or To value without its tag, unfolded.
std::string without_tag(std::string_view value);
void append_without_tag(std::string& text, std::string_view value);
// Route values of a dialog from Record-Route, joined by ", ": as they stand, or reversed (UAC).
std::string route_set(const sip::Message& message, bool reversed);
// URI of the first Contact; "" when there is none that can be a target.
std::string_view contact_uri(const sip::Message& message);

// The Authorization and Proxy-Authorization lines of a request of ours, each with CRLF.
std::string credential_lines(std::string_view request);

// Options named in Require that the switch cannot do, as a header value; "" = none. A registration
// may want what calls may not, and the reverse.
enum class Wants : std::uint8_t { Call, Registration };
std::string unsupported_options(const sip::Message& message, directory::ReliableProvisional policy,
                                Wants wants = Wants::Call);
void finish_with_body(sip::Writer& writer, const Body& body);
// Reason of a request (RFC 3326), or of a response: there without SIP causes (RFC 6432).
enum class ReasonOf : std::uint8_t { Request, Response };
void write_reason(sip::Writer& writer, const Release& release, ReasonOf what);
// The cause of the Q.850 or SIP value among the Reason values of a message (RFC 3326).
std::optional<int> cause_in(const sip::Message& message, std::string_view protocol);
// Puts what Reason tells into `release`; `usual` is its Q.850 cause when it tells none.
void note_reason(Release& release, const sip::Message& message, int usual);
// The session description of a message, taken out of multipart if need be; empty when it has none.
Body session_body(const sip::Message& message);

}  // namespace tandem::leg
