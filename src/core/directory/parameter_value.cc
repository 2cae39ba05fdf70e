// Validation of parameter values: user text to canonical text, by type and form.
#include <algorithm>
#include <charconv>

#include "base/address.h"
#include "base/assert.h"
#include "core/directory/parameter_row.h"
#include "core/number/cleaning.h"

namespace tandem::directory {
namespace {

constexpr std::size_t kMaxTextLength = 65'535;
constexpr std::size_t kMaxPlainLength = 255;
constexpr std::size_t kMaxUrlLength = 1'024;
constexpr std::size_t kMaxHostLength = 253;
constexpr std::size_t kMaxMailLength = 254;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower_case(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(), lower);
  return lowered;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_graphic(char c) { return c > ' ' && c != 0x7f; }

bool is_host_character(char c) {
  const char low = lower(c);
  return is_digit(c) || (low >= 'a' && low <= 'z') || c == '-' || c == '.' || c == '_';
}

std::int64_t bound(std::string_view text, int decimals, std::int64_t otherwise) {
  std::int64_t value = 0;
  return parse_decimal(text, decimals, value) ? value : otherwise;
}

bool within_bounds(const ParameterRow& row, std::int64_t value) {
  return value >= bound(row.min, row.decimals, INT64_MIN) &&
         value <= bound(row.max, row.decimals, INT64_MAX);
}

// `allowed` of numbers: "0,20-7200"; empty allows all.
bool within_allowed(const ParameterRow& row, std::int64_t first, std::int64_t last) {
  if (row.allowed.empty()) return true;
  ListEntries ranges(row.allowed);
  for (std::string_view range; ranges.next(range);) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    if (parse_range(range, low, high) && first >= low && last <= high) return true;
  }
  return false;
}

std::string written_decimal(std::int64_t value, int decimals) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  std::string text = digits.substr(0, digits.size() - places);
  const std::string fraction = digits.substr(digits.size() - places);
  const std::size_t last = fraction.find_last_not_of('0');
  if (last != std::string::npos) text += '.' + fraction.substr(0, last + 1);
  return value < 0 ? '-' + text : text;
}

// ---- one canonical_* per form: the canonical text, or false when the entry is not allowed ----

bool canonical_plain(const ParameterRow& row, std::string_view entry, std::string& to) {
  const auto longest = static_cast<std::size_t>(bound(row.max, 0, kMaxPlainLength));
  const auto shortest = static_cast<std::size_t>(bound(row.min, 0, 0));
  if (entry.size() < shortest || entry.size() > longest) return false;
  if (std::ranges::any_of(entry, is_control)) return false;
  to += entry;
  return true;
}

bool canonical_digits(const ParameterRow& row, std::string_view entry, std::string& to) {
  const auto dialled = [](char c) { return is_digit(c) || c == '*' || c == '#'; };
  return std::ranges::all_of(entry, dialled) && canonical_plain(row, entry, to);
}

bool canonical_currency(std::string_view entry, std::string& to) {
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (entry.size() != 3 || !std::ranges::all_of(entry, capital)) return false;
  to += entry;
  return true;
}

bool canonical_number(const ParameterRow& row, std::string_view entry, std::string& to) {
  std::int64_t value = 0;
  if (!parse_decimal(entry, row.decimals, value) || !within_bounds(row, value)) return false;
  if (row.form == Form::Even && value % 2 != 0) return false;
  if (row.form != Form::Decimal && !within_allowed(row, value, value)) return false;
  to += written_decimal(value, row.decimals);
  return true;
}

bool canonical_tos_byte(std::string_view entry, std::string& to) {
  const bool hexadecimal = entry.starts_with("0x") || entry.starts_with("0X");
  if (hexadecimal) entry.remove_prefix(2);
  unsigned value = 0;
  const char* const end = entry.data() + entry.size();
  const auto [stopped, error] = std::from_chars(entry.data(), end, value, hexadecimal ? 16 : 10);
  if (error != std::errc{} || stopped != end || value > 0xfc || value % 4 != 0) return false;
  constexpr std::string_view kDigits = "0123456789abcdef";
  to += {'0', 'x', kDigits[value / 16], kDigits[value % 16]};
  return true;
}

bool canonical_range(const ParameterRow& row, std::string_view entry, std::string& to) {
  std::int64_t first = 0;
  std::int64_t last = 0;
  if (!parse_range(entry, first, last) || !within_allowed(row, first, last)) return false;
  if (!within_bounds(row, first) || !within_bounds(row, last)) return false;
  to += std::to_string(first);
  if (first != last) to += '-' + std::to_string(last);
  return true;
}

bool canonical_word(std::string_view words, std::string_view entry, std::string& to) {
  ListEntries each(words);
  for (std::string_view word; each.next(word);) {
    if (!same_word(word, entry)) continue;
    to += word;
    return true;
  }
  return false;
}

bool canonical_address(std::string_view entry, std::string& to) {
  const auto address = IpAddress::parse(entry);
  if (!address) return false;
  to += address->text();
  return true;
}

bool canonical_address_range(std::string_view entry, std::string& to) {
  if (!AddressRange::parse(entry)) return false;
  to += entry;
  return true;
}

bool canonical_host(std::string_view entry, std::string& to) {
  if (canonical_address(entry, to)) return true;
  const bool named = !entry.empty() && entry.size() <= kMaxHostLength && entry.front() != '.' &&
                     entry.find("..") == std::string_view::npos &&
                     std::ranges::all_of(entry, is_host_character);
  if (named) to += lower_case(entry);
  return named;
}

bool canonical_host_port(std::string_view entry, std::string& to) {
  const std::size_t colon = entry.rfind(':');
  if (colon == std::string_view::npos) return false;
  std::int64_t port = 0;
  if (!parse_decimal(entry.substr(colon + 1), 0, port) || port < 1 || port > 65535) return false;
  const std::string_view host = entry.substr(0, colon);
  const bool bracketed = host.starts_with('[');
  if (!bracketed && host.find(':') != std::string_view::npos) return false;
  std::string canonical;
  if (!canonical_host(host, canonical)) return false;
  to += bracketed ? '[' + canonical + ']' : canonical;
  to += ':' + std::to_string(port);
  return true;
}

bool canonical_url(std::string_view entry, std::string& to) {
  if (entry.size() > kMaxUrlLength || !std::ranges::all_of(entry, is_graphic)) return false;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!entry.starts_with(scheme) || entry.size() == scheme.size()) continue;
    to += entry;
    return true;
  }
  return false;
}

bool canonical_mail(std::string_view entry, std::string& to) {
  const std::size_t at = entry.find('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == entry.size()) return false;
  if (entry.size() > kMaxMailLength || entry.find('@', at + 1) != std::string_view::npos)
    return false;
  if (!std::ranges::all_of(entry, is_graphic)) return false;
  to += entry;
  return true;
}

bool canonical_telephone_number(std::string_view entry, bool with_wildcards, std::string& to) {
  if (entry.empty() || entry.size() > number::kMaxNumberLength) return false;
  const bool valid = std::ranges::all_of(entry, [with_wildcards](const char& c) {
    return (with_wildcards && c == '?') || number::is_number({&c, 1}, number::Letters::Allow);
  });
  if (valid) to += entry;
  return valid;
}

// Appends the canonical text of one entry.
bool canonical_entry(const ParameterRow& row, std::string_view entry, std::string& to) {
  switch (row.form) {
    case Form::Plain:
      return canonical_plain(row, entry, to);
    case Form::Digits:
      return canonical_digits(row, entry, to);
    case Form::Currency:
      return canonical_currency(entry, to);
    case Form::Decimal:
    case Form::Whole:
    case Form::Even:
      return canonical_number(row, entry, to);
    case Form::TosByte:
      return canonical_tos_byte(entry, to);
    case Form::Ranges:
      return canonical_range(row, entry, to);
    case Form::Word:
      return canonical_word(row.allowed, entry, to);
    case Form::Address:
      return canonical_address(entry, to);
    case Form::AddressRange:
      return canonical_address_range(entry, to);
    case Form::Host:
      return canonical_host(entry, to);
    case Form::HostPort:
      return canonical_host_port(entry, to);
    case Form::Url:
      return canonical_url(entry, to);
    case Form::Mail:
      return canonical_mail(entry, to);
    case Form::Number:
      return canonical_telephone_number(entry, false, to);
    case Form::NumberPattern:
      return canonical_telephone_number(entry, true, to);
  }
  TANDEM_ASSERT(false, "a form of no name");
  return false;
}

// A text that names something may be left empty: the feature is off or finds its own value.
bool may_be_empty(const ParameterRow& row) {
  return row.type == ParameterType::Text && row.form != Form::Decimal &&
         row.form != Form::Currency && bound(row.min, 0, 0) == 0;
}

bool canonical_text(const ParameterRow& row, std::string_view text, std::string& to) {
  if (row.form == Form::Plain) return canonical_plain(row, text, to);
  text = trimmed(text);
  if (text.empty()) return may_be_empty(row);
  if (row.form != Form::Ranges) return canonical_entry(row, text, to);
  // A text of ranges holds several.
  ListEntries entries(text);
  for (std::string_view entry; entries.next(entry);) {
    if (!to.empty()) to += ',';
    if (!canonical_range(row, entry, to)) return false;
  }
  return true;
}

bool canonical_list(const ParameterRow& row, std::string_view text, std::string& to) {
  ListEntries entries(trimmed(text));
  std::size_t count = 0;
  for (std::string_view entry; entries.next(entry); ++count) {
    if (count == row.max_entries) return false;
    if (count != 0) to += ',';
    if (entry.empty() || !canonical_entry(row, entry, to)) return false;
  }
  return count >= row.min_entries;
}

bool canonical_bool(std::string_view text, std::string& to) {
  for (const std::string_view word : {"on", "true", "yes", "1"})
    if (same_word(text, word)) return to = "On", true;
  for (const std::string_view word : {"off", "false", "no", "0"})
    if (same_word(text, word)) return to = "Off", true;
  return false;
}

bool canonical(const ParameterRow& row, std::string_view text, std::string& to) {
  switch (row.type) {
    case ParameterType::Bool:
      return canonical_bool(trimmed(text), to);
    case ParameterType::Int:
      if (row.form == Form::TosByte) return canonical_tos_byte(trimmed(text), to);
      return canonical_number(row, trimmed(text), to);
    case ParameterType::DurationSeconds:
    case ParameterType::DurationMilliseconds:
      return canonical_number(row, trimmed(text), to);
    case ParameterType::Enum:
      return canonical_word(row.unit, trimmed(text), to);
    case ParameterType::List:
      return canonical_list(row, text, to);
    case ParameterType::Text:
      return canonical_text(row, text, to);
  }
  TANDEM_ASSERT(false, "a type of no name");
  return false;
}

// The value as it may stand in a sentence: bounded, without control characters, "nothing" if empty.
std::string quoted(std::string_view text) {
  constexpr std::size_t kMaxQuoted = 80;
  if (text.empty()) return "nothing";
  std::string quote(text.substr(0, kMaxQuoted));
  std::ranges::replace_if(quote, is_control, '?');
  return text.size() > kMaxQuoted ? quote + "..." : quote;
}

}  // namespace

bool ListEntries::next(std::string_view& entry) {
  if (!more_) return false;
  const std::size_t comma = rest_.find(',');
  entry = trimmed(rest_.substr(0, comma));
  more_ = comma != std::string_view::npos;
  if (more_) rest_.remove_prefix(comma + 1);
  return true;
}

bool parse_decimal(std::string_view text, int decimals, std::int64_t& value) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  const auto places = static_cast<std::size_t>(decimals);
  constexpr std::size_t kMaxDigits = 18;  // of a number that always fits
  if (whole.empty() || fraction.size() > places || whole.size() + places > kMaxDigits) return false;
  if (point != std::string_view::npos && fraction.empty()) return false;
  value = 0;
  for (const std::string_view part : {whole, fraction}) {
    for (const char c : part) {
      if (!is_digit(c)) return false;
      value = value * 10 + (c - '0');
    }
  }
  for (std::size_t i = fraction.size(); i < places; ++i) value *= 10;
  if (negative) value = -value;
  return true;
}

bool parse_range(std::string_view text, std::int64_t& first, std::int64_t& last) {
  const std::size_t dash = text.find('-', 1);  // one at the start is a sign
  if (!parse_decimal(trimmed(text.substr(0, dash)), 0, first)) return false;
  last = first;
  if (dash == std::string_view::npos) return true;
  return parse_decimal(trimmed(text.substr(dash + 1)), 0, last) && first <= last;
}

Result<std::string, ParameterFault> canonical_value(const ParameterRow& row,
                                                    std::string_view text) {
  std::string value;
  if (text.size() <= kMaxTextLength && canonical(row, text, value)) return value;
  return Failure{ParameterFault{std::string(row.name), std::string(text.substr(0, kMaxTextLength)),
                                std::string(row.name) + ": " + quoted(text) +
                                    " is not allowed; it must be " + allowed_text(row)}};
}

}  // namespace tandem::directory
