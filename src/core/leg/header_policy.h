// Which headers go from one leg to the other: one row per header that does not belong to the
// dialog. The switch hides topology always, so what is not named here stays on its own leg, but for
// names a device lists in pass_headers.
//
// Lines that may pass are gathered into an "annex": raw header lines, each with its CRLF. The other
// leg writes those of them that its policy and its gateway allow.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/sip/message.h"
#include "core/sip/writer.h"

namespace tandem::leg {

enum class HeaderAction : std::uint8_t {
  Pass,     // the line goes over as it is
  Strip,    // stays on its leg unless a device lists it
  Identity,  // of the caller: in an INVITE by the fields sip_pai, sip_ppi, sip_rpid and sip_privacy
             // (identity.h); else as Strip, but Privacy passes where sip_privacy says so
  Rewrite,  // the other leg writes its own (identities, dialog, capabilities)
};

struct HeaderPolicyRow {
  sip::HeaderId id;
  HeaderAction action;
  std::string_view why;
};

std::span<const HeaderPolicyRow> header_policy();  // one row per HeaderId, in its order
HeaderAction action_for(sip::HeaderId id);

// What a peer says of who it is: a gateway vouches for it, a phone is only believed what it proved
// (RFC 3325 §5).
enum class Vouched : std::uint8_t { Yes, No };

// Appends the lines of `message` that may pass: those of action Pass, and those Strip or unknown
// that a device could ask for; identities only when somebody vouches for them. Bounded: at most
// kAnnexLimit bytes, later lines are left out.
inline constexpr std::size_t kAnnexLimit = 4096;
void append_annex(std::string& annex, const sip::Message& message, Vouched identities);

// What decides on lines beside their policy.
struct Passing {
  std::span<const std::string> pass_headers;
  bool privacy = false;                        // Privacy passes
  std::span<const sip::HeaderId> written = {};  // stand in the message already: pass in no case
};

// Writes the lines of `annex` that pass: action Pass, or named in `pass_headers`.
void write_annex(sip::Writer& writer, std::string_view annex, const Passing& passing);
// The value of the first line of that name; "" when there is none.
std::string_view annex_value(std::string_view annex, sip::HeaderId id);

}  // namespace tandem::leg
