#include "core/sdp/sdp.h"

#include <charconv>

#include "base/assert.h"
#include "core/sdp/text.h"

namespace tandem::sdp {
namespace {

// "network-type address-type address"
bool parse_connection(std::string_view value, Connection& connection) {
  connection.network_type = next_word(value);
  connection.address_type = next_word(value);
  connection.address = next_word(value);
  return connection.given();
}

// Read from the right: some gateways put blanks into the user name.
bool parse_origin(std::string_view value, Origin& origin) {
  origin.address = last_word(value);
  origin.address_type = last_word(value);
  origin.network_type = last_word(value);
  origin.version = last_word(value);
  origin.session_id = last_word(value);
  origin.user = trimmed(value);
  return !origin.user.empty();
}

bool parse_port(std::string_view word, Media& media) {
  const std::size_t slash = word.find('/');
  if (!parse_number(word.substr(0, slash), media.port)) return false;
  return slash == std::string_view::npos || parse_number(word.substr(slash + 1), media.port_count);
}

bool parse_media(std::string_view value, Media& media) {
  media.type = next_word(value);
  if (!parse_port(next_word(value), media)) return false;
  media.protocol = next_word(value);
  media.formats = trimmed(value);
  // A refused section may come without formats.
  return !media.protocol.empty() && (!media.formats.empty() || media.port == 0);
}

bool has_too_many_formats(const Media& media) {
  if (media.formats.size() < 2 * kMaxFormats) return false;  // there is a blank between two
  Formats formats(media.formats);
  std::string_view format;
  std::size_t count = 0;
  while (count <= kMaxFormats && formats.next(format)) ++count;
  return count > kMaxFormats;
}

// Lines that are members of Session or Media, not of Lines.
bool has_own_place(char type) {
  return type == 'v' || type == 'o' || type == 's' || type == 'c' || type == 'm';
}

// Where the lines go: the session section, then one media section after the other.
class Reader {
 public:
  explicit Reader(Session& session) : session_(session) { session_.clear(); }

  std::optional<Fault> read(std::string_view line, const char* begin) {
    if (line.size() < 2 || line[1] != '=') return Fault::BadLine;
    const std::string_view value = trimmed(line.substr(2));
    if (!started_) return read_version(line[0], value);
    switch (line[0]) {
      case 'o':
        if (!media_open_ && !parse_origin(value, session_.origin)) return Fault::BadOrigin;
        return std::nullopt;
      case 's':
        if (!media_open_ && !value.empty()) session_.name = value;
        return std::nullopt;
      case 'c':
        return read_connection(value);
      case 'm':
        return read_media(value, begin, line.data() + line.size());
      default:
        return std::nullopt;  // kept in the section's text
    }
  }

  std::optional<Fault> finish(const char* end) {
    if (!started_) return Fault::Empty;
    if (const auto fault = close_section(end)) return fault;
    if (session_.origin.address.empty()) return Fault::NoOrigin;
    return std::nullopt;
  }

 private:
  std::optional<Fault> read_version(char type, std::string_view value) {
    if (type != 'v' || value != "0") return Fault::BadVersion;
    started_ = true;
    section_begin_ = value.data() + value.size();
    return std::nullopt;
  }

  // Several c= lines are for multicast; the first one counts.
  std::optional<Fault> read_connection(std::string_view value) {
    Connection& connection = media_open_ ? open_media_.connection : session_.connection;
    if (connection.given()) return std::nullopt;
    if (!parse_connection(value, connection)) return Fault::BadConnection;
    return std::nullopt;
  }

  std::optional<Fault> read_media(std::string_view value, const char* begin, const char* end) {
    if (const auto fault = close_section(begin)) return fault;
    open_media_ = Media{};
    media_open_ = true;
    section_begin_ = end;
    if (!parse_media(value, open_media_)) return Fault::BadMedia;
    if (has_too_many_formats(open_media_)) return Fault::TooManyFormats;
    return std::nullopt;
  }

  std::optional<Fault> close_section(const char* end) {
    const std::string_view text(section_begin_, static_cast<std::size_t>(end - section_begin_));
    if (!media_open_) {
      session_.text = text;
      return std::nullopt;
    }
    open_media_.text = text;
    if (!session_.add_media(open_media_)) return Fault::TooManyMedia;
    return std::nullopt;
  }

  Session& session_;
  Media open_media_;
  const char* section_begin_ = nullptr;
  bool media_open_ = false;
  bool started_ = false;
};

void write_connection(std::string& to, const Connection& connection) {
  if (!connection.given()) return;
  append_line(to, 'c', {connection.network_type, connection.address_type, connection.address});
}

void append(std::string& to, const Line& line) {
  to += line.type;
  to += '=';
  to += line.name;
  if (line.type == 'a' && !line.value.empty()) to += ':';
  to += line.value;
  to += "\r\n";
}

// The lines of one section whose type is one of `types`; true when there was one.
bool write_lines(std::string& to, Lines lines, std::string_view types) {
  bool any = false;
  for (Line line; lines.next(line);) {
    if (types.find(line.type) == std::string_view::npos) continue;
    append(to, line);
    any = true;
  }
  return any;
}

// The lines of one section whose type RFC 8866 gives no place there.
void write_other_lines(std::string& to, Lines lines, std::string_view placed) {
  for (Line line; lines.next(line);)
    if (placed.find(line.type) == std::string_view::npos) append(to, line);
}

void write_media(std::string& to, const Media& media) {
  std::string port = std::to_string(media.port);
  if (media.port_count != 1) port += '/' + std::to_string(media.port_count);
  append_line(to, 'm', {media.type, port, media.protocol, media.formats});
  write_lines(to, media.lines(), "i");
  write_connection(to, media.connection);
  write_lines(to, media.lines(), "b");
  write_lines(to, media.lines(), "k");
  write_other_lines(to, media.lines(), "ibka");
  write_lines(to, media.lines(), "a");
}

}  // namespace

std::string_view to_text(Fault fault) {
  switch (fault) {
    case Fault::Empty:
      return "empty";
    case Fault::TooLong:
      return "too long";
    case Fault::TooManyLines:
      return "too many lines";
    case Fault::TooManyMedia:
      return "too many media sections";
    case Fault::TooManyFormats:
      return "too many formats";
    case Fault::BadLine:
      return "not a line of a session description";
    case Fault::BadVersion:
      return "does not begin with v=0";
    case Fault::BadOrigin:
      return "bad o= line";
    case Fault::BadConnection:
      return "bad c= line";
    case Fault::BadMedia:
      return "bad m= line";
    case Fault::NoOrigin:
      return "no o= line";
  }
  TANDEM_ASSERT(false, "a fault of no name");
  return {};
}

bool Lines::next(Line& line) {
  while (!rest_.empty()) {
    const std::string_view whole = next_line(rest_);
    if (whole.size() < 2 || has_own_place(whole[0])) continue;
    line = {whole[0], {}, trimmed(whole.substr(2))};
    if (line.type != 'a') return true;
    const std::size_t colon = line.value.find(':');
    line.name = trimmed(line.value.substr(0, colon));
    line.value = colon == std::string_view::npos ? std::string_view{}
                                                 : trimmed(line.value.substr(colon + 1));
    return true;
  }
  return false;
}

void Session::clear() {
  origin = Origin{};
  name = "-";
  connection = Connection{};
  text = {};
  media_count_ = 0;
}

bool Session::add_media(const Media& media) {
  if (media_count_ == media_.size()) return false;
  media_[media_count_++] = media;
  return true;
}

Result<Done, Error> parse(std::string_view text, Session& session) {
  if (text.size() > kMaxText) return Failure{Error{Fault::TooLong, 1}};
  Reader reader(session);
  std::uint16_t number = 0;
  while (!text.empty()) {
    const char* const begin = text.data();
    const std::string_view line = next_line(text);
    if (++number > kMaxLines) return Failure{Error{Fault::TooManyLines, number}};
    if (line.empty()) continue;
    if (const auto fault = reader.read(line, begin)) return Failure{Error{*fault, number}};
  }
  if (const auto fault = reader.finish(text.data())) return Failure{Error{*fault, number}};
  return Done{};
}

std::string write(const Session& session) {
  std::string to = "v=0\r\n";
  const Origin& origin = session.origin;
  append_line(to, 'o',
              {origin.user, origin.session_id, origin.version, origin.network_type,
               origin.address_type, origin.address});
  append_line(to, 's', {session.name});
  write_lines(to, session.lines(), "i");
  write_lines(to, session.lines(), "u");
  write_lines(to, session.lines(), "e");
  write_lines(to, session.lines(), "p");
  write_connection(to, session.connection);
  write_lines(to, session.lines(), "b");
  if (!write_lines(to, session.lines(), "trz")) to += "t=0 0\r\n";
  write_lines(to, session.lines(), "k");
  write_other_lines(to, session.lines(), "iuepbtrzka");
  write_lines(to, session.lines(), "a");
  for (const Media& media : session.media()) write_media(to, media);
  return to;
}

bool operator==(const Session& a, const Session& b) { return write(a) == write(b); }

}  // namespace tandem::sdp
