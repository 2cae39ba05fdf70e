// What a switch asks of a session description: addresses, directions, codecs, hold.
#include <algorithm>
#include <array>

#include "core/sdp/sdp.h"
#include "core/sdp/text.h"

namespace tandem::sdp {
namespace {

struct StaticPayload {
  std::string_view format;
  Encoding encoding;
};

// RFC 3551 §6, tables 4 and 5.
constexpr auto kStaticPayloads = std::to_array<StaticPayload>({
    {"0", {"PCMU", 8000, 1}},   {"3", {"GSM", 8000, 1}},    {"4", {"G723", 8000, 1}},
    {"5", {"DVI4", 8000, 1}},   {"6", {"DVI4", 16000, 1}},  {"7", {"LPC", 8000, 1}},
    {"8", {"PCMA", 8000, 1}},   {"9", {"G722", 8000, 1}},   {"10", {"L16", 44100, 2}},
    {"11", {"L16", 44100, 1}},  {"12", {"QCELP", 8000, 1}}, {"13", {"CN", 8000, 1}},
    {"14", {"MPA", 90000, 1}},  {"15", {"G728", 8000, 1}},  {"16", {"DVI4", 11025, 1}},
    {"17", {"DVI4", 22050, 1}}, {"18", {"G729", 8000, 1}},  {"25", {"CelB", 90000, 1}},
    {"26", {"JPEG", 90000, 1}}, {"28", {"nv", 90000, 1}},   {"31", {"H261", 90000, 1}},
    {"32", {"MPV", 90000, 1}},  {"33", {"MP2T", 90000, 1}}, {"34", {"H263", 90000, 1}},
});

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

// "name/rate[/channels]"
std::optional<Encoding> parse_encoding(std::string_view text) {
  Encoding encoding;
  const std::size_t slash = text.find('/');
  encoding.name = text.substr(0, slash);
  if (encoding.name.empty() || slash == std::string_view::npos) return std::nullopt;
  const std::string_view numbers = text.substr(slash + 1);
  const std::size_t second = numbers.find('/');
  if (!parse_number(numbers.substr(0, second), encoding.clock_rate)) return std::nullopt;
  if (second != std::string_view::npos &&
      !parse_number(numbers.substr(second + 1), encoding.channels))
    return std::nullopt;
  return encoding;
}

// The rest of the first a=name:format ... line.
std::optional<std::string_view> attribute_of_format(const Media& media, std::string_view name,
                                                    std::string_view format) {
  Lines lines = media.lines();
  for (Line line; lines.next(line);) {
    if (line.type != 'a' || !same_word(line.name, name)) continue;
    std::string_view value = line.value;
    if (next_word(value) == format) return trimmed(value);
  }
  return std::nullopt;
}

std::optional<Direction> direction_in(Lines lines) {
  for (Line line; lines.next(line);) {
    if (line.type != 'a') continue;
    if (same_word(line.name, "sendrecv")) return Direction::SendReceive;
    if (same_word(line.name, "sendonly")) return Direction::SendOnly;
    if (same_word(line.name, "recvonly")) return Direction::ReceiveOnly;
    if (same_word(line.name, "inactive")) return Direction::Inactive;
  }
  return std::nullopt;
}

bool carries_speech(std::string_view encoding) {
  return !same_word(encoding, "telephone-event") && !same_word(encoding, "CN") &&
         !same_word(encoding, "RED");
}

bool is_running_audio(const Media& media) {
  return media.port != 0 && same_word(media.type, "audio");
}

}  // namespace

std::optional<IpAddress> Connection::ip() const {
  return IpAddress::parse(address.substr(0, address.find('/')));
}

bool Formats::next(std::string_view& format) {
  format = next_word(rest_);
  return !format.empty();
}

const Connection& connection_of(const Session& session, const Media& media) {
  return media.connection.given() ? media.connection : session.connection;
}

std::optional<Endpoint> endpoint_of(const Session& session, const Media& media) {
  const auto ip = connection_of(session, media).ip();
  if (!ip) return std::nullopt;
  return Endpoint{*ip, media.port};
}

Direction direction_of(const Session& session, const Media& media) {
  if (const auto own = direction_in(media.lines())) return *own;
  return direction_in(session.lines()).value_or(Direction::SendReceive);
}

std::optional<std::string_view> attribute(const Lines& lines, std::string_view name) {
  Lines rest = lines;
  for (Line line; rest.next(line);)
    if (line.type == 'a' && same_word(line.name, name)) return line.value;
  return std::nullopt;
}

std::optional<Encoding> encoding_of(const Media& media, std::string_view format) {
  if (const auto mapped = attribute_of_format(media, "rtpmap", format))
    return parse_encoding(*mapped);
  const auto found = std::ranges::find(kStaticPayloads, format, &StaticPayload::format);
  if (found == kStaticPayloads.end()) return std::nullopt;
  return found->encoding;
}

std::optional<std::string_view> format_parameters(const Media& media, std::string_view format) {
  return attribute_of_format(media, "fmtp", format);
}

std::optional<int> packet_time(const Media& media) {
  int milliseconds = 0;
  const auto text = attribute(media.lines(), "ptime");
  if (!text || !parse_number(*text, milliseconds) || milliseconds <= 0) return std::nullopt;
  return milliseconds;
}

const Media* first_audio(const Session& session) {
  const auto found = std::ranges::find_if(session.media(), is_running_audio);
  return found == session.media().end() ? nullptr : &*found;
}

std::string_view first_codec(const Media& media) {
  Formats formats(media.formats);
  for (std::string_view format; formats.next(format);) {
    const auto encoding = encoding_of(media, format);
    if (!encoding) return format;
    if (carries_speech(encoding->name)) return encoding->name;
  }
  return {};
}

bool is_usable(const Session& session) {
  const auto is_reachable = [&session](const Media& media) {
    return media.port == 0 || connection_of(session, media).given();
  };
  return !session.media().empty() && std::ranges::all_of(session.media(), is_reachable);
}

bool is_hold(const Session& session, const Media& media) {
  const Direction direction = direction_of(session, media);
  const std::string_view address = connection_of(session, media).address;
  return direction == Direction::SendOnly || direction == Direction::Inactive ||
         address == "0.0.0.0";
}

bool is_hold(const Session& session) {
  const auto runs_unheld = [&session](const Media& media) {
    return is_running_audio(media) && !is_hold(session, media);
  };
  return first_audio(session) != nullptr && std::ranges::none_of(session.media(), runs_unheld);
}

bool same_session(const Session& a, const Session& b) { return a.origin == b.origin; }

}  // namespace tandem::sdp
