// Values that only some messages carry: each reader takes one value, whole.
#include <charconv>

#include "base/text.h"
#include "core/sip/characters.h"
#include "core/sip/headers.h"
#include "core/sip/value_readers.h"

namespace tandem::sip {
namespace {

// Hands each parameter to `keep`; false when one is malformed, or `keep` refuses it, or something
// else follows.
template <class Keep>
bool each_parameter(Cursor& cursor, Keep keep) {
  Parameter parameter;
  while (true) {
    switch (next_parameter(cursor, parameter)) {
      case Step::Found:
        if (!keep(parameter)) return false;
        break;
      case Step::End:
        return cursor.done();
      case Step::Bad:
        return false;
    }
  }
}

bool named(const Parameter& parameter, std::string_view name) {
  return same_name(parameter.name, name);
}

// A parameter that must have a value and stand only once.
bool keep_once(const Parameter& parameter, std::string_view& value) {
  if (parameter.value.empty() || !value.empty()) return false;
  value = parameter.value;
  return true;
}

std::optional<std::uint32_t> parse_number(std::string_view value, std::uint32_t max = UINT32_MAX) {
  Cursor cursor(value);
  std::uint32_t number = 0;
  cursor.skip_blanks();
  if (!cursor.take_number(max, number)) return std::nullopt;
  cursor.skip_blanks();
  return cursor.done() ? std::optional(number) : std::nullopt;
}

bool take_blanks(Cursor& cursor) {
  const char* const from = cursor.at;
  cursor.skip_blanks();
  return cursor.at != from;
}

}  // namespace

std::uint16_t parse_q(std::string_view text) {
  std::uint32_t value = 0;
  if (text.empty() || (text.front() != '0' && text.front() != '1')) return kFullQ;
  value = std::uint32_t(text.front() - '0') * 1000;
  text.remove_prefix(1);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    for (std::uint32_t unit = 100; unit > 0 && !text.empty(); unit /= 10, text.remove_prefix(1)) {
      if (text.front() < '0' || text.front() > '9') return kFullQ;
      value += std::uint32_t(text.front() - '0') * unit;
    }
  }
  return std::uint16_t(std::min<std::uint32_t>(value, kFullQ));
}

std::optional<std::uint32_t> parse_delta_seconds(std::string_view value) {
  Cursor cursor(value);
  cursor.skip_blanks();
  std::uint32_t seconds = 0;
  if (!cursor.take_number(UINT32_MAX, seconds)) return std::nullopt;
  const auto ignored = [](const Parameter&) { return true; };  // Min-SE may have some
  return each_parameter(cursor, ignored) ? std::optional(seconds) : std::nullopt;
}

std::optional<RAck> parse_rack(std::string_view value) {
  Cursor cursor(value);
  cursor.skip_blanks();
  std::uint32_t rseq = 0;
  CSeq cseq;
  if (!cursor.take_number(UINT32_MAX, rseq) || rseq == 0 || !take_blanks(cursor))
    return std::nullopt;
  if (!read_cseq(cursor, cseq) || !cursor.done()) return std::nullopt;
  return RAck{rseq, cseq.number, cseq.method};
}

std::optional<std::uint32_t> parse_rseq(std::string_view value) {
  const auto number = parse_number(value);
  return number && *number != 0 ? number : std::nullopt;
}

std::optional<SessionExpires> parse_session_expires(std::string_view value) {
  Cursor cursor(value);
  cursor.skip_blanks();
  SessionExpires expires{0, Refresher::None};
  if (!cursor.take_number(UINT32_MAX, expires.interval)) return std::nullopt;
  const bool good = each_parameter(cursor, [&expires](const Parameter& parameter) {
    if (!named(parameter, "refresher")) return true;
    if (expires.refresher != Refresher::None) return false;
    const bool uac = same_name(parameter.value, "uac");
    expires.refresher = uac ? Refresher::Uac : Refresher::Uas;
    return uac || same_name(parameter.value, "uas");
  });
  return good ? std::optional(expires) : std::nullopt;
}

std::optional<Replaces> parse_replaces(std::string_view value) {
  Cursor cursor(value);
  Replaces replaces{{}, {}, {}, false};
  const std::string_view rest = trim(value);
  replaces.call_id = trim(rest.substr(0, rest.find(';')));
  if (replaces.call_id.empty() || !all(kVisible, replaces.call_id)) return std::nullopt;
  cursor = Cursor(rest.substr(std::min(rest.size(), rest.find(';'))));
  const bool good = each_parameter(cursor, [&replaces](const Parameter& parameter) {
    if (named(parameter, "to-tag")) return keep_once(parameter, replaces.to_tag);
    if (named(parameter, "from-tag")) return keep_once(parameter, replaces.from_tag);
    if (named(parameter, "early-only")) replaces.early_only = true;
    return true;
  });
  // RFC 3891 §3: exactly one of each.
  if (!good || replaces.to_tag.empty() || replaces.from_tag.empty()) return std::nullopt;
  return replaces;
}

std::optional<ReasonValue> parse_reason(std::string_view value) {
  Cursor cursor(value);
  cursor.skip_blanks();
  ReasonValue reason{cursor.take(kToken), 0, {}};
  if (reason.protocol.empty()) return std::nullopt;
  const bool good = each_parameter(cursor, [&reason](const Parameter& parameter) {
    if (named(parameter, "cause")) {
      const auto cause = parse_number(parameter.value, 9999);
      reason.cause = int(cause.value_or(0));
      return cause.has_value();
    }
    if (named(parameter, "text")) reason.text = parameter.value;
    return true;
  });
  return good ? std::optional(reason) : std::nullopt;
}

Privacy parse_privacy(const Message& message) {
  Privacy wanted;
  for (ValueWalker walk(message, HeaderId::Privacy); walk.next();) {
    std::string_view rest = walk.value();
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view value = trim(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (same_name(value, "none")) return {};
      wanted.id |= same_name(value, "id");
      wanted.user |= same_name(value, "user");
      wanted.header |= same_name(value, "header");
      wanted.session |= same_name(value, "session");
      wanted.critical |= same_name(value, "critical");
    }
  }
  return wanted;
}

std::optional<RetryAfter> parse_retry_after(std::string_view value) {
  Cursor cursor(value);
  cursor.skip_blanks();
  RetryAfter retry{0, 0};
  if (!cursor.take_number(UINT32_MAX, retry.delay)) return std::nullopt;
  cursor.skip_blanks();
  if (cursor.sees('(')) {
    const std::size_t close = end_of_comment(cursor.rest());
    if (close == std::string_view::npos) return std::nullopt;
    cursor.at += close + 1;
  }
  const bool good = each_parameter(cursor, [&retry](const Parameter& parameter) {
    if (!named(parameter, "duration")) return true;
    const auto duration = parse_number(parameter.value);
    retry.duration = duration.value_or(0);
    return duration.has_value();
  });
  return good ? std::optional(retry) : std::nullopt;
}

std::optional<Warning> parse_warning(std::string_view value) {
  Cursor cursor(value);
  cursor.skip_blanks();
  Warning warning{0, {}, {}};
  const std::string_view digits = cursor.take(kDigit);
  if (digits.size() != 3 || !take_blanks(cursor)) return std::nullopt;
  warning.code = to_number<int>(digits).value_or(0);
  warning.agent = cursor.take(kValue);  // hostport or a pseudonym
  if (warning.agent.empty() || !take_blanks(cursor) || !cursor.take_quoted(warning.text))
    return std::nullopt;
  cursor.skip_blanks();
  return cursor.done() ? std::optional(warning) : std::nullopt;
}

namespace {

struct DigestField {
  std::string_view name;
  std::string_view Digest::*member;
};
constexpr DigestField kDigestFields[] = {
    {"realm", &Digest::realm},   {"nonce", &Digest::nonce},
    {"opaque", &Digest::opaque}, {"algorithm", &Digest::algorithm},
    {"qop", &Digest::qop},       {"username", &Digest::username},
    {"uri", &Digest::uri},       {"response", &Digest::response},
    {"cnonce", &Digest::cnonce}, {"nc", &Digest::nc},
    {"domain", &Digest::domain},
};

// name "=" (token / quoted string), as kept by `digest`.
bool read_digest_field(Cursor& cursor, Digest& digest) {
  const std::string_view name = cursor.take(kToken);
  if (name.empty() || !cursor.take_separator('=')) return false;
  std::string_view value;
  if (cursor.sees('"')) {
    if (!cursor.take_quoted(value)) return false;
  } else {
    value = cursor.take(kValue);
    // What could not be put between quotes again is no token either.
    if (value.empty() || value.find_first_of("\"\\") != value.npos) return false;
  }
  if (same_name(name, "stale")) digest.stale = same_name(value, "true");
  for (const DigestField& field : kDigestFields) {
    if (!same_name(name, field.name)) continue;
    // Twice the same name: who reads the other one would see other credentials.
    if ((digest.*field.member).data() != nullptr) return false;
    digest.*field.member = value;
  }
  return true;
}

}  // namespace

std::optional<Digest> parse_digest(std::string_view value) {
  Cursor cursor(value);
  cursor.skip_blanks();
  Digest digest;
  digest.scheme = cursor.take(kToken);
  if (digest.scheme.empty() || !take_blanks(cursor)) return std::nullopt;
  while (true) {
    if (!read_digest_field(cursor, digest)) return std::nullopt;
    cursor.skip_blanks();
    if (cursor.done()) return digest;
    if (!cursor.take(',')) return std::nullopt;
    cursor.skip_blanks();
  }
}

std::optional<Diversion> parse_diversion(std::string_view value) {
  const auto address = parse_name_address(value);
  if (!address) return std::nullopt;
  Diversion diversion{*address, {}, 1, {}};  // RFC 5806 §4: without a counter it is one diversion
  Cursor cursor(address->parameters);
  const bool good = each_parameter(cursor, [&diversion](const Parameter& parameter) {
    if (named(parameter, "reason")) diversion.reason = parameter.value;
    if (named(parameter, "privacy")) diversion.privacy = parameter.value;
    if (!named(parameter, "counter")) return true;
    const auto counter = parse_number(parameter.value, 99);
    diversion.counter = int(counter.value_or(0));
    return counter.has_value();
  });
  return good ? std::optional(diversion) : std::nullopt;
}

std::optional<HistoryInfo> parse_history_info(std::string_view value) {
  const auto address = parse_name_address(value);
  if (!address) return std::nullopt;
  return HistoryInfo{*address, parameter(address->parameters, "index").value_or("")};
}

std::optional<ContentType> parse_content_type(std::string_view value) {
  Cursor cursor(value);
  cursor.skip_blanks();
  ContentType type;
  type.type = cursor.take(kToken);
  if (type.type.empty() || !cursor.take_separator('/')) return std::nullopt;
  type.subtype = cursor.take(kToken);
  if (type.subtype.empty()) return std::nullopt;
  cursor.skip_blanks();
  type.parameters = cursor.rest();
  const auto ignored = [](const Parameter&) { return true; };
  return each_parameter(cursor, ignored) ? std::optional(type) : std::nullopt;
}

}  // namespace tandem::sip
