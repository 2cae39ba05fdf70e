#include "core/sdp/codecs.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/sdp/text.h"

namespace tandem::sdp {
namespace {

constexpr auto kCodecNames = std::to_array<std::string_view>({
    "audio/AMR",        "audio/DVI4",          "audio/G722",
    "audio/G723",       "audio/G726-16",       "audio/G726-24",
    "audio/G726-32",    "audio/G726-40",       "audio/G728",
    "audio/G729",       "audio/G729D",         "audio/G729E",
    "audio/GSM",        "audio/GSM-EFR",       "audio/iLBC",
    "audio/L8",         "audio/L16",           "audio/LPC",
    "audio/MPA",        "audio/parityfec",     "audio/PCMA",
    "audio/PCMU",       "audio/QCELP",         "audio/RED",
    "audio/VDVI",       "audio/Speex",         "audio/Speex-FEC",
    "audio/Speex-Wideband", "audio/Speex-Wideband-FEC", "audio/SILK",
    "audio/Opus",       "video/BT656",         "video/CelB",
    "video/JPEG",       "video/H261",          "video/H263",
    "video/H263-1998",  "video/H263-2000",     "video/H264",
    "video/MPV",        "video/MP2T",          "video/MP1S",
    "video/MP2P",       "video/parityfec",     "video/RED",
    "video/BMPEG",      "video/nv",            "video/VP8",
});

constexpr int kFirstDynamic = 96;  // RFC 3551 §6
constexpr int kLastDynamic = 127;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_g729(std::string_view name) { return same_word(name, "G729") || same_word(name, "G729a"); }
bool is_g723(std::string_view name) { return same_word(name, "G723") || same_word(name, "G723.1"); }

// Is the codec of a description the one a device lists? Speex tells its bandwidths by clock rate.
bool is_listed_as(std::string_view listed, std::string_view type, const Encoding& codec) {
  if (!listed.starts_with(type) || listed.size() <= type.size() || listed[type.size()] != '/')
    return false;
  listed.remove_prefix(type.size() + 1);
  if (is_g729(codec.name)) return same_word(listed, "G729");
  if (is_g723(codec.name)) return same_word(listed, "G723");
  if (same_word(codec.name, "speex"))
    return same_word(listed, codec.clock_rate > 8000 ? "Speex-Wideband" : "Speex");
  return same_word(listed, codec.name);
}

bool goes_beside_codecs(std::string_view name) {
  return same_word(name, "telephone-event") || same_word(name, "CN");
}

// One media section on its way.
class Section {
 public:
  Section(const Media& media, Turn turn, const CodecRules& rules)
      : media_(media), turn_(turn), rules_(rules) {
    Formats formats(media.formats);
    for (std::string_view format; formats.next(format);) {
      const Encoding encoding = encoding_of(media, format).value_or(Encoding{});
      formats_.push_back({format, encoding, false});
    }
  }

  // False: no codec of it may pass.
  bool restrict() {
    if (!concerned() || !rules_.restricts || turn_ == Turn::Answer) return true;
    std::vector<Format> kept;
    for (const std::string& listed : rules_.allowed)
      for (const Format& format : formats_)
        if (is_listed_as(listed, media_type(), format.encoding)) kept.push_back(format);
    if (kept.empty()) return false;
    for (const Format& format : formats_)
      if (goes_beside_codecs(format.encoding.name)) kept.push_back(format);
    formats_ = std::move(kept);
    return true;
  }

  void name_variants() {
    if (!concerned() || rules_.g729 != G729Names::Both) return;
    const auto is_variant = [](const Format& format) { return is_g729(format.encoding.name); };
    const auto first = std::ranges::find_if(formats_, is_variant);
    if (first == formats_.end()) return;
    const auto second = std::find_if(first + 1, formats_.end(), is_variant);
    if (turn_ == Turn::Answer) {
      if (second != formats_.end()) formats_.erase(second);
    } else if (second == formats_.end()) {
      name_twice(static_cast<std::size_t>(first - formats_.begin()));
    }
  }

  void write(std::string& to, bool off) const {
    write_media_line(to, off);
    std::string_view rest = media_.text;
    next_line(rest);  // what is left of the m= line
    while (!rest.empty()) {
      const char* const begin = rest.data();
      const std::string_view line = next_line(rest);
      const std::string_view whole(begin, static_cast<std::size_t>(rest.data() - begin));
      if (off || !write_attribute(to, line)) to += whole;
    }
    if (off) return;
    for (const Format& format : formats_) write_missing(to, format);
  }

 private:
  struct Format {
    std::string_view payload;
    Encoding encoding;
    bool added;  // the second name of a variant
  };

  bool concerned() const {
    return media_.port != 0 && media_.protocol.find("RTP") != std::string_view::npos &&
           !media_type().empty();
  }

  std::string_view media_type() const {
    if (same_word(media_.type, "audio")) return "audio";
    return same_word(media_.type, "video") ? "video" : "";
  }

  void name_twice(std::size_t at) {
    for (int payload = kFirstDynamic; payload <= kLastDynamic; ++payload) {
      const std::string text = std::to_string(payload);
      if (std::ranges::find(formats_, text, &Format::payload) != formats_.end()) continue;
      added_payload_ = text;
      Format twin = formats_[at];
      twin.payload = added_payload_;
      twin.encoding.name = same_word(twin.encoding.name, "G729") ? "G729a" : "G729";
      twin.added = true;
      formats_.insert(formats_.begin() + static_cast<std::ptrdiff_t>(at) + 1, twin);
      return;
    }
  }

  void write_media_line(std::string& to, bool off) const {
    std::string port = off ? "0" : std::to_string(media_.port);
    if (!off && media_.port_count != 1) port += '/' + std::to_string(media_.port_count);
    std::string list;
    for (const Format& format : formats_)
      list.append(list.empty() ? "" : " ").append(format.payload);
    append_line(to, 'm', {media_.type, port, media_.protocol, list});
  }

  const Format* format_of(std::string_view payload) const {
    const auto found = std::ranges::find(formats_, payload, &Format::payload);
    return found == formats_.end() ? nullptr : &*found;
  }

  // Writes what becomes of a line that tells of one format: nothing when the format is gone. False:
  // the line is another one.
  bool write_attribute(std::string& to, std::string_view line) const {
    if (!concerned() || !line.starts_with("a=")) return false;
    const std::string_view body = line.substr(2);
    const std::size_t colon = body.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view name = trimmed(body.substr(0, colon));
    std::string_view value = body.substr(colon + 1);
    const bool map = same_word(name, "rtpmap");
    const bool parameters = same_word(name, "fmtp");
    if (!map && !parameters && !same_word(name, "rtcp-fb")) return false;
    const std::string_view payload = next_word(value);
    if (payload == "*") return false;
    const Format* format = format_of(payload);
    if (format == nullptr) return true;
    if (map && renames(*format)) {
      write_map(to, *format);
      return true;
    }
    if (parameters && annex_of(*format) != AnnexValue::AsGiven) {
      write_parameters(to, *format, trimmed(value));
      return true;
    }
    return false;
  }

  std::string_view name_of(const Format& format) const {
    if (!is_g729(format.encoding.name)) return format.encoding.name;
    if (rules_.g729 == G729Names::G729) return "G729";
    if (rules_.g729 == G729Names::G729a) return "G729a";
    return format.encoding.name;
  }
  bool renames(const Format& format) const { return name_of(format) != format.encoding.name; }

  AnnexValue annex_of(const Format& format) const {
    if (is_g729(format.encoding.name)) return rules_.annexb;
    return is_g723(format.encoding.name) ? rules_.annexa : AnnexValue::AsGiven;
  }

  void write_map(std::string& to, const Format& format) const {
    to.append("a=rtpmap:").append(format.payload).append(" ").append(name_of(format));
    to.append("/").append(std::to_string(format.encoding.clock_rate)).append("\r\n");
  }

  // The parameters with the annex as the rules want it.
  void write_parameters(std::string& to, const Format& format, std::string_view given) const {
    const std::string_view name = is_g729(format.encoding.name) ? "annexb" : "annexa";
    std::string kept;
    while (!given.empty()) {
      const std::size_t end = std::min(given.find(';'), given.size());
      const std::string_view one = trimmed(given.substr(0, end));
      given.remove_prefix(std::min(end + 1, given.size()));
      if (one.empty() || same_word(trimmed(one.substr(0, one.find('='))), name)) continue;
      kept.append(kept.empty() ? "" : ";").append(one);
    }
    const AnnexValue annex = annex_of(format);
    if (annex == AnnexValue::Yes || annex == AnnexValue::No) {
      kept.append(kept.empty() ? "" : ";").append(name);
      kept.append(annex == AnnexValue::Yes ? "=yes" : "=no");
    }
    if (kept.empty()) return;
    to.append("a=fmtp:").append(format.payload).append(" ").append(kept).append("\r\n");
  }

  // Lines that a format needs and the section did not have.
  void write_missing(std::string& to, const Format& format) const {
    if (!concerned()) return;
    const bool mapped = has_map(format.payload);
    if (format.added || (renames(format) && !mapped)) write_map(to, format);
    const auto given = format_parameters(media_, source_of(format));
    const AnnexValue annex = annex_of(format);
    const bool wanted = annex == AnnexValue::Yes || annex == AnnexValue::No;
    if (format.added ? given || wanted : wanted && !given)
      write_twin_parameters(to, format, given.value_or(std::string_view()));
  }

  void write_twin_parameters(std::string& to, const Format& format, std::string_view given) const {
    if (annex_of(format) != AnnexValue::AsGiven) return write_parameters(to, format, given);
    to.append("a=fmtp:").append(format.payload).append(" ").append(given).append("\r\n");
  }

  // The format whose parameters count for this one.
  std::string_view source_of(const Format& format) const {
    if (!format.added) return format.payload;
    const auto twin = std::ranges::find_if(formats_, [](const Format& other) {
      return !other.added && is_g729(other.encoding.name);
    });
    return twin->payload;
  }

  bool has_map(std::string_view payload) const {
    Lines lines = media_.lines();
    for (Line line; lines.next(line);) {
      std::string_view value = line.value;
      if (line.type == 'a' && same_word(line.name, "rtpmap") && next_word(value) == payload)
        return true;
    }
    return false;
  }

  const Media& media_;
  Turn turn_;
  const CodecRules& rules_;
  std::vector<Format> formats_;
  std::string added_payload_;
};

}  // namespace

CodecRewrite apply_codec_rules(std::string_view text, Turn turn, const CodecRules& rules,
                               Session& room) {
  room.clear();
  if (!parse(text, room).ok() || room.media().empty()) return {};
  // Everything above the first section stays; views of the sections lie behind it in `text`.
  const std::size_t above =
      std::min(text.find("\nm="), text.find("\rm=")) + 1;
  std::string to(text.substr(0, above));
  bool ran = false;
  bool runs = false;
  for (const Media& media : room.media()) {
    Section section(media, turn, rules);
    const bool left = section.restrict();
    if (left) section.name_variants();
    section.write(to, !left);
    ran = ran || media.port != 0;
    runs = runs || (left && media.port != 0);
  }
  if (ran && !runs) return {CodecOutcome::NothingLeft, {}};
  if (to == text) return {};
  return {CodecOutcome::Changed, std::move(to)};
}

namespace {

// How often a description says things of the old codecs. Each is looked for by a letter that few
// lines have.
struct Mentions {
  int g729 = 0;
  int g729a = 0;
  int g723 = 0;
  int without_annexb = 0;
  int without_annexa = 0;
};

Mentions mentions_in(std::string_view text) {
  Mentions found;
  for (std::size_t at = text.find('G'); at != text.npos; at = text.find('G', at + 1)) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("G723")) ++found.g723;
    if (!rest.starts_with("G729")) continue;
    ++found.g729;
    if (rest.starts_with("G729a/") || rest.starts_with("G729A/")) ++found.g729a;
  }
  constexpr std::size_t kBefore = 4;  // "anne"
  for (std::size_t at = text.find('x'); at != text.npos; at = text.find('x', at + 1)) {
    if (at < kBefore) continue;
    const std::string_view rest = text.substr(at - kBefore);
    if (rest.starts_with("annexb=no")) ++found.without_annexb;
    if (rest.starts_with("annexa=no")) ++found.without_annexa;
  }
  return found;
}

}  // namespace

CodecHabits habits_of(std::string_view text) {
  const Mentions found = mentions_in(text);
  return {.calls_it_g729a = found.g729a > 0,
          .without_annexb = found.without_annexb > 0,
          .without_annexa = found.without_annexa > 0};
}

void leave_out_what_is_said(CodecRules& rules, std::string_view text) {
  if (rules.annexb != AnnexValue::No && rules.annexa != AnnexValue::No) return;
  const Mentions found = mentions_in(text);
  const auto said = [](AnnexValue wanted, int codecs, int without) {
    return wanted == AnnexValue::No && codecs > 0 && codecs == without;
  };
  if (said(rules.annexb, found.g729, found.without_annexb)) rules.annexb = AnnexValue::AsGiven;
  if (said(rules.annexa, found.g723, found.without_annexa)) rules.annexa = AnnexValue::AsGiven;
}

std::string_view codec_named(std::string_view text) {
  for (const std::string_view name : kCodecNames) {
    const bool audio = name.starts_with("audio/");
    if (same_word(name, text) || (audio && same_word(name.substr(6), text))) return name;
  }
  return {};
}

}  // namespace tandem::sdp
