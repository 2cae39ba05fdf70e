// Session descriptions (RFC 8866) as views into the text they were read from: nothing is copied and
// nothing allocated. Tolerant of what gateways send: bare LF, missing s= or t=, blanks in the o=
// user name, lines out of order, unknown lines. Not here: negotiation (offer_answer.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/result.h"

namespace tandem::sdp {

inline constexpr std::size_t kMaxText = 65'535;  // bytes
inline constexpr std::size_t kMaxLines = 512;
inline constexpr std::size_t kMaxMedia = 32;
inline constexpr std::size_t kMaxFormats = 64;  // of one m= line

enum class Fault : std::uint8_t {
  Empty,
  TooLong,
  TooManyLines,
  TooManyMedia,
  TooManyFormats,
  BadLine,        // not of the form x=...
  BadVersion,     // the first line is not v=0
  BadOrigin,      // o= with fewer than five parts after the user name's first
  BadConnection,  // c= without network type, address type and address
  BadMedia,       // m= without type, port, protocol and (unless port is 0) format
  NoOrigin,
};
struct Error {
  Fault fault;
  std::uint16_t line;  // counted from 1
};
std::string_view to_text(Fault fault);

// One line other than v= o= s= c= m=. Of an attribute a=name:value, `name` is the part before the
// colon; of other lines it is empty.
struct Line {
  char type = 0;
  std::string_view name;
  std::string_view value;
  friend bool operator==(const Line&, const Line&) = default;
};

// The lines of one section, in their order, read from its text as they are asked for.
class Lines {
 public:
  Lines() = default;
  explicit Lines(std::string_view text) : rest_(text) {}
  // The next line other than v= o= s= c= m=; false at the end.
  bool next(Line& line);

 private:
  std::string_view rest_;
};

struct Origin {
  std::string_view user;
  std::string_view session_id;
  std::string_view version;
  std::string_view network_type = "IN";
  std::string_view address_type;  // "IP4", "IP6"
  std::string_view address;
  friend bool operator==(const Origin&, const Origin&) = default;
};

struct Connection {
  std::string_view network_type;  // "IN"; empty = there is no c= line
  std::string_view address_type;
  std::string_view address;  // with "/ttl" or "/count" when there is one
  bool given() const { return !address.empty(); }
  // The address without its suffix; nullopt for a name or nothing.
  std::optional<IpAddress> ip() const;
  friend bool operator==(const Connection&, const Connection&) = default;
};

struct Media {
  std::string_view type;   // "audio", "image"
  std::uint16_t port = 0;  // 0 = refused or switched off
  std::uint16_t port_count = 1;
  std::string_view protocol;  // "RTP/AVP", "udptl"
  std::string_view formats;   // separated by blanks; at least one unless port is 0
  Connection connection;      // of this section; see connection_of()
  std::string_view text;      // the lines of this section below m=
  Lines lines() const { return Lines(text); }
};

struct Session {
  Origin origin;
  std::string_view name = "-";
  Connection connection;
  std::string_view text;  // the lines of the session section
  Lines lines() const { return Lines(text); }

  std::span<const Media> media() const { return {media_.data(), media_count_}; }
  std::span<Media> media() { return {media_.data(), media_count_}; }
  bool add_media(const Media& media);  // false when there are kMaxMedia
  void clear();  // as a new Session, but cheaper: sections without use are not touched

 private:
  std::array<Media, kMaxMedia> media_;
  std::size_t media_count_ = 0;
};

// Equal in every line, also in the order of lines of one kind within a section.
bool operator==(const Session& a, const Session& b);

// Reads `text` into `session`, which then holds views into it. Linear in text.size(). After a fault
// the session is unspecified.
Result<Done, Error> parse(std::string_view text, Session& session);

// The description with CRLF, in the order of lines of RFC 8866 §5, s=- and t=0 0 where they are
// missing.
std::string write(const Session& session);

// ---- what a switch asks of a description ----

enum class Direction : std::uint8_t { SendReceive, SendOnly, ReceiveOnly, Inactive };

// One entry of Media::formats at a time.
class Formats {
 public:
  explicit Formats(std::string_view formats) : rest_(formats) {}
  bool next(std::string_view& format);

 private:
  std::string_view rest_;
};

// An RTP encoding: from a=rtpmap, or the static assignment of RFC 3551 §6.
struct Encoding {
  std::string_view name;  // "PCMU", as written
  int clock_rate = 0;     // Hz
  int channels = 1;
};

const Connection& connection_of(const Session& session, const Media& media);
// Where media of the section are to be sent; nullopt when the address is a name or missing.
std::optional<Endpoint> endpoint_of(const Session& session, const Media& media);
// Of the media section, else of the session, else sendrecv (RFC 8866 §6.7).
Direction direction_of(const Session& session, const Media& media);
// Value of the first a=name:... of the section; nullopt when there is none, "" for a=name.
std::optional<std::string_view> attribute(const Lines& lines, std::string_view name);
std::optional<Encoding> encoding_of(const Media& media, std::string_view format);
std::optional<std::string_view> format_parameters(const Media& media, std::string_view format);
std::optional<int> packet_time(const Media& media);  // a=ptime, ms

// The first audio section that is not refused; nullptr when there is none.
const Media* first_audio(const Session& session);
// Name of the first encoding of `media` that carries speech: not telephone-event, CN or RED. A
// dynamic format without a=rtpmap is named by its number. "" when there is none.
std::string_view first_codec(const Media& media);

// Can media flow by it: at least one section, and an address for each that is not refused?
bool is_usable(const Session& session);
// Does its sender put the other side on hold: a=sendonly or a=inactive, or (RFC 2543) c=0.0.0.0?
bool is_hold(const Session& session, const Media& media);
// Every audio section that is not refused is on hold, and there is one.
bool is_hold(const Session& session);
// Same session in the same version (RFC 3264 §8): nothing has changed.
bool same_session(const Session& a, const Session& b);

}  // namespace tandem::sdp
