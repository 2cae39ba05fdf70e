// Which codecs of a session description pass to or from a device, in which order, and how the
// variants of two old codecs are written: G.729 with its annexes A and B (RFC 4856 §2.1.9, RFC
// 7261), G.723.1 with its annex A. A pure function over the text: lines that are not concerned
// come out as they went in.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/sdp/sdp.h"

namespace tandem::sdp {

enum class Turn : std::uint8_t { Offer, Answer };
enum class G729Names : std::uint8_t {
  AsGiven,
  G729,   // every variant is called G729
  G729a,  // every variant is called G729a
  Both,   // an offer names each twice, an answer once
};
enum class AnnexValue : std::uint8_t { AsGiven, Yes, No, Omit };

struct CodecRules {
  bool restricts = false;
  std::span<const std::string> allowed = {};  // "audio/PCMA", best first
  G729Names g729 = G729Names::AsGiven;
  AnnexValue annexb = AnnexValue::AsGiven;  // of G.729
  AnnexValue annexa = AnnexValue::AsGiven;  // of G.723.1
};

enum class CodecOutcome : std::uint8_t {
  Same,         // the description stays as it is
  Changed,      // `text` stands for it
  NothingLeft,  // no media section has a codec any more
};
struct CodecRewrite {
  CodecOutcome outcome = CodecOutcome::Same;
  std::string text = {};
};

// An answer is never restricted: its codecs were in the offer. A section without codecs left is
// switched off (port 0, RFC 3264 §8.2). telephone-event and CN stay beside any codec. What cannot be
// read stays the same. `room` is overwritten.
CodecRewrite apply_codec_rules(std::string_view text, Turn turn, const CodecRules& rules,
                               Session& room);

// How the sender of a description writes the variants, as far as it differs from the usual.
struct CodecHabits {
  bool calls_it_g729a = false;
  bool without_annexb = false;  // annexb=no: the other side must not use it (RFC 7261 §3)
  bool without_annexa = false;

  template <class Archive>
  void fields(Archive& archive) {
    archive(calls_it_g729a, without_annexb, without_annexa);
  }
  friend bool operator==(const CodecHabits&, const CodecHabits&) = default;
};
CodecHabits habits_of(std::string_view text);
// Rules that the description keeps as it is, seen without reading all of it, are taken out.
void leave_out_what_is_said(CodecRules& rules, std::string_view text);

// "audio/PCMA", "video/H264": the names devices may list (entities.md 1.1); "" when it is none. The
// media type may be left out of an audio codec, upper and lower case do not count.
std::string_view codec_named(std::string_view text);

}  // namespace tandem::sdp
