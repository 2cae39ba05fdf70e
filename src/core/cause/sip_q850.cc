// Rows and special cases of the SIP and Q.850 mapping.
#include "core/cause/sip_q850.h"

#include <algorithm>
#include <array>

namespace tandem::cause {
namespace {

constexpr auto kSipToQ850 = std::to_array<MappingRow>({
    {300, 23, "Multiple choices; only when not followed"},
    {301, 22, "Moved permanently; when not followed"},
    {302, 23, "Moved temporarily; when not followed"},
    {305, 23, "Use proxy; when not followed"},
    {380, 31, "Alternative service; when not followed"},
    {400, 41, "Bad request"},
    {401, 21, "Unauthorized; only when we have no credentials"},
    {402, 21, "Payment required"},
    {403, 21, "Forbidden"},
    {404, 1, "Not found"},
    {405, 63, "Method not allowed"},
    {406, 79, "Not acceptable"},
    {407, 21, "Proxy authentication required; only without credentials"},
    {408, 102, "Request timeout; 18 when a ringing answer was seen before"},
    {409, 41, "Conflict"},
    {410, 22, "Gone"},
    {411, 127, "Length required"},
    {412, 41, "Conditional request failed"},
    {413, 127, "Entity too large"},
    {414, 127, "URI too long"},
    {415, 79, "Unsupported media type"},
    {416, 127, "Unsupported URI scheme"},
    {417, 127, "Unknown resource priority"},
    {420, 127, "Bad extension"},
    {421, 127, "Extension required"},
    {422, 31, "Session interval too small; handled inside the leg, mapped only if retry fails"},
    {423, 127, "Interval too brief"},
    {424, 127, "Bad location"},
    {428, 21, "Use identity header"},
    {429, 21, "Provide referrer identity"},
    {430, 41, "Flow failed"},
    {433, 21, "Anonymity disallowed (RFC 5079)"},
    {436, 21, "Bad identity info"},
    {437, 21, "Unsupported credential"},
    {438, 21, "Invalid identity header"},
    {440, 25, "Max breadth exceeded"},
    {469, 127, "Bad info package"},
    {470, 21, "Consent needed"},
    {480, 18, "Temporarily unavailable"},
    {481, 41, "Call or transaction does not exist; 127 for other requests"},
    {482, 25, "Loop detected"},
    {483, 25, "Too many hops"},
    {484, 28, "Address incomplete"},
    {485, 1, "Ambiguous"},
    {486, 17, "Busy here"},
    {487, 31, "Request terminated; 16 when we sent the CANCEL"},
    {488, 65,
     "Not acceptable here; by Warning code 304/305 -> 65, 370 -> 58, 301-303 -> 79, otherwise 65"},
    {489, 127, "Bad event"},
    {491, 31, "Request pending; handled inside the leg"},
    {493, 41, "Undecipherable"},
    {494, 21, "Security agreement required"},
    {500, 41, "Server internal error"},
    {501, 79, "Not implemented"},
    {502, 38, "Bad gateway"},
    {503, 41, "Service unavailable; 42 when Retry-After is present"},
    {504, 102, "Gateway timeout"},
    {505, 127, "Version not supported"},
    {513, 127, "Message too large"},
    {555, 79, "Push notification not supported"},
    {580, 47, "Precondition failure"},
    {600, 17, "Busy everywhere"},
    {603, 21, "Decline"},
    {604, 1, "Does not exist anywhere"},
    {606, 65, "Not acceptable; by Warning as 488"},
    {607, 21, "Unwanted (RFC 8197)"},
    {608, 21, "Rejected (RFC 8688)"},
});

constexpr auto kSipToQ850Classes = std::to_array<MappingClass>({
    {300, 399, 23},
    {400, 499, 31},
    {500, 599, 41},
    {600, 699, 21},
});

constexpr auto kQ850ToSip = std::to_array<MappingRow>({
    {1, 404, "Unallocated number"},
    {2, 404, "No route to transit network"},
    {3, 404, "No route to destination"},
    {4, 404, "Send special information tone"},
    {5, 404, "Misdialled trunk prefix"},
    {6, 480, "Channel unacceptable"},
    {7, 480, "Call awarded in an established channel"},
    {8, 480, "Preemption"},
    {9, 480, "Preemption, circuit reserved"},
    {14, 404, "Number ported; query on release"},
    {16, 480,
     "Normal clearing; after answer it is BYE, 480 only when it comes before answer, 487 when we "
     "asked for the release"},
    {17, 486, "User busy"},
    {18, 408, "No user responding"},
    {19, 480, "No answer from user"},
    {20, 480, "Subscriber absent"},
    {21, 403, "Call rejected; 603 when location is \"user\""},
    {22, 410, "Number changed; with diagnostics 301 plus Contact is allowed"},
    {23, 410, "Redirection to new destination"},
    {24, 403, "Call rejected due to feature at the destination"},
    {25, 483, "Exchange routing error"},
    {26, 404, "Non-selected user clearing"},
    {27, 502, "Destination out of order"},
    {28, 484, "Invalid number format"},
    {29, 501, "Facility rejected"},
    {30, 480, "Response to status enquiry"},
    {31, 480, "Normal, unspecified"},
    {34, 503, "No circuit available"},
    {38, 503, "Network out of order"},
    {39, 503, "Permanent frame connection out of service"},
    {40, 503, "Permanent frame connection operational"},
    {41, 503, "Temporary failure"},
    {42, 503, "Switching equipment congestion"},
    {43, 503, "Access information discarded"},
    {44, 503, "Requested circuit not available"},
    {46, 503, "Precedence call blocked"},
    {47, 503, "Resource unavailable"},
    {49, 503, "Quality of service not available"},
    {50, 403, "Requested facility not subscribed"},
    {52, 403, "Outgoing calls barred"},
    {53, 403, "Outgoing calls barred within CUG"},
    {54, 403, "Incoming calls barred"},
    {55, 403, "Incoming calls barred within CUG"},
    {57, 403, "Bearer capability not authorized"},
    {58, 503, "Bearer capability not presently available"},
    {62, 403, "Inconsistency in outgoing access information"},
    {63, 503, "Service or option not available"},
    {65, 488, "Bearer capability not implemented"},
    {66, 488, "Channel type not implemented"},
    {69, 501, "Requested facility not implemented"},
    {70, 488, "Only restricted digital bearer available"},
    {79, 501, "Service or option not implemented"},
    {81, 481, "Invalid call reference"},
    {82, 500, "Channel does not exist"},
    {83, 500, "Suspended call exists, identity does not"},
    {84, 500, "Call identity in use"},
    {85, 500, "No call suspended"},
    {86, 481, "Call with this identity cleared"},
    {87, 403, "User not member of CUG"},
    {88, 503, "Incompatible destination"},
    {90, 403, "Non-existent CUG"},
    {91, 404, "Invalid transit network"},
    {95, 400, "Invalid message"},
    {96, 400, "Mandatory element missing"},
    {97, 405, "Message type not implemented"},
    {98, 400, "Message not compatible with state"},
    {99, 400, "Information element not implemented"},
    {100, 400, "Invalid element contents"},
    {101, 481, "Message not compatible with call state"},
    {102, 504, "Recovery on timer expiry"},
    {103, 400, "Parameter not implemented, passed on"},
    {110, 400, "Message with unrecognized parameter discarded"},
    {111, 500, "Protocol error"},
    {127, 500, "Interworking"},
});

constexpr auto kQ850ToSipClasses = std::to_array<MappingClass>({
    {1, 31, 480},
    {32, 63, 503},
    {64, 111, 500},
    {112, 127, 500},
});

constexpr int kNormalUnspecified = 31;

constexpr bool rises(std::span<const MappingRow> rows) {
  return std::ranges::is_sorted(rows, std::ranges::less_equal{}, &MappingRow::from);
}
static_assert(rises(kSipToQ850) && rises(kQ850ToSip), "the rows are searched by halves");

const MappingRow* find_row(std::span<const MappingRow> rows, int from) {
  const auto found = std::ranges::lower_bound(rows, from, {}, &MappingRow::from);
  return found != rows.end() && found->from == from ? &*found : nullptr;
}

int mapped(std::span<const MappingRow> rows, std::span<const MappingClass> classes, int from,
           int otherwise) {
  if (const MappingRow* found = find_row(rows, from)) return found->to;
  for (const MappingClass& each : classes)
    if (from >= each.first && from <= each.last) return each.to;
  return otherwise;
}

int q850_of_warning(int warning) {
  if (warning == 370) return 58;                    // insufficient bandwidth
  if (warning >= 301 && warning <= 303) return 79;  // network, transport, bandwidth units
  return 65;
}

}  // namespace

int q850_of_sip(int status, const SipAnswerContext& context) {
  if (status == 408 && context.ringing_seen) return 18;
  if (status == 481 && context.outside_call) return 127;
  if (status == 487 && context.we_cancelled) return 16;
  if (status == 503 && context.has_retry_after) return 42;
  if (status == 488 || status == 606) return q850_of_warning(context.warning);
  return mapped(kSipToQ850, kSipToQ850Classes, status, kNormalUnspecified);
}

int sip_of_q850(int cause, const ReleaseContext& context) {
  if (cause == 16 && context.we_released) return 487;
  if (cause == 21 && context.location_user) return 603;
  return mapped(kQ850ToSip, kQ850ToSipClasses, cause, 480);
}

std::string_view q850_name(int cause) {
  const MappingRow* found = find_row(kQ850ToSip, cause);
  if (found == nullptr) return {};
  return found->note.substr(0, found->note.find(';'));
}

int sip_status_of(EndReason reason, int detail) {
  if (reason == EndReason::PeerSip) return detail;
  if (reason == EndReason::PeerQ850) return sip_of_q850(detail);
  return row(reason).sip_status;
}

int q850_cause_of(EndReason reason, int detail) {
  if (reason == EndReason::PeerSip) return q850_of_sip(detail);
  if (reason == EndReason::PeerQ850) return detail;
  if (reason == EndReason::PeerByeReason && detail > 0) return detail;
  return row(reason).q850_cause;
}

std::span<const MappingRow> sip_to_q850_rows() { return kSipToQ850; }
std::span<const MappingRow> q850_to_sip_rows() { return kQ850ToSip; }
std::span<const MappingClass> sip_to_q850_classes() { return kSipToQ850Classes; }
std::span<const MappingClass> q850_to_sip_classes() { return kQ850ToSipClasses; }

}  // namespace tandem::cause
