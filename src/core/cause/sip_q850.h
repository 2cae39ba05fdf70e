// The two-way table between SIP status codes and Q.850 causes: RFC 3398 with our additions.
// Source of docs/reference/sip-q850.md. Also what an end reason says on the wire.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/cause/end_reason.h"

namespace tandem::cause {

// What else is known of a SIP answer that is mapped to a cause.
struct SipAnswerContext {
  bool ringing_seen = false;     // 408: a 180 came before
  bool we_cancelled = false;     // 487: the answer to our own CANCEL
  bool has_retry_after = false;  // 503
  bool outside_call = false;     // 481: the request was not an INVITE, nor of a call
  int warning = 0;               // 488, 606: code of the Warning header (RFC 3261 20.43); 0 = none
};
// The Q.850 cause (1-127) of a final answer 300-699; any other number counts as 31.
int q850_of_sip(int status, const SipAnswerContext& context = {});

// What else is known of a release cause that is mapped to a SIP status.
struct ReleaseContext {
  bool location_user = false;  // 21: the Q.850 location is "user"
  bool we_released = false;    // 16: the release answers our own
};
// The SIP status (400-699) of a cause 1-127; any other cause counts as 31, normal, unspecified.
int sip_of_q850(int cause, const ReleaseContext& context = {});

// The name of a cause for a Reason header's text, "User busy"; "" when the cause has no row.
std::string_view q850_name(int cause);

// The SIP answer the caller gets when a call fails before answer for this reason: the row's own,
// the peer's (PeerSip), or the mapped one (PeerQ850). 0 = the reason cannot occur before answer.
int sip_status_of(EndReason reason, int detail);
// The cause for a Reason header, 1-127: the row's own, the peer's (PeerQ850, PeerByeReason), or the
// mapped one (PeerSip).
int q850_cause_of(EndReason reason, int detail);

struct MappingRow {
  std::uint16_t from;
  std::uint16_t to;
  std::string_view note;
};
std::span<const MappingRow> sip_to_q850_rows();  // rising `from`
std::span<const MappingRow> q850_to_sip_rows();  // rising `from`
// What happens to values without a row: `first`-`last` become `to`.
struct MappingClass {
  std::uint16_t first;
  std::uint16_t last;
  std::uint16_t to;
};
std::span<const MappingClass> sip_to_q850_classes();
std::span<const MappingClass> q850_to_sip_classes();

}  // namespace tandem::cause
