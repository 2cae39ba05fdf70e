#include "core/directory/parameter_list.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/limits.h"
#include "base/text.h"

namespace tandem::directory {
namespace {

using Refused = ParameterList::Refused;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kWideColon = "\xef\xbc\x9a";  // of Chinese texts
constexpr std::size_t kMaxShownName = 80;

// ---- lines and cells

// The next line without its end; false when there is none.
bool next_line(std::string_view& rest, std::string_view& line) {
  if (rest.empty()) return false;
  const std::size_t end = rest.find('\n');
  line = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

// Where a value ends: at a tab, or at several blanks.
std::size_t end_of_cell(std::string_view text) {
  return std::min(text.find('\t'), text.find("  "));
}

std::vector<std::string_view> cells_by_tabs(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t tab = 0; tab != line.npos;) {
    tab = line.find('\t');
    cells.push_back(trim(line.substr(0, tab)));
    if (tab != line.npos) line.remove_prefix(tab + 1);
  }
  return cells;
}

std::vector<std::string_view> cells_by_gaps(std::string_view line) {
  std::vector<std::string_view> cells;
  for (line = trim(line); !line.empty();) {
    const std::size_t end = end_of_cell(line);
    cells.push_back(trim(line.substr(0, end)));
    line = end == line.npos ? std::string_view{} : trim(line.substr(end));
  }
  return cells;
}

// Which cells hold name and value, as the heading says.
struct Columns {
  std::size_t name = 0;
  std::size_t value = 0;
  bool ours = false;  // the heading of an export: values stand there as they are
};

std::optional<Columns> columns_of(std::string_view line) {
  const bool tabs = line.find('\t') != line.npos;
  const auto cells = tabs ? cells_by_tabs(line) : cells_by_gaps(line);
  const auto place = [&cells](std::initializer_list<std::string_view> titles) {
    return static_cast<std::size_t>(
        std::ranges::find_if(cells,
                             [&](std::string_view cell) {
                               return std::ranges::any_of(titles, [cell](auto title) {
                                 return equal_ignoring_case(cell, title);
                               });
                             }) -
        cells.begin());
  };
  const Columns columns{.name = place({"name", "parameter name", "parameter"}),
                        .value = place({"value", "parameter value", "current value"}),
                        .ours = tabs && line.starts_with("name\tvalue\tdefault\t")};
  if (columns.name == cells.size() || columns.value == cells.size()) return std::nullopt;
  return columns;
}

struct Pair {
  std::string_view name;
  std::optional<std::string_view> value;  // nothing: the line holds no more than a name
  bool unclear = false;                   // whether what follows is the value
};

void skip_blanks(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
}

// True when it was there.
bool skip(std::string_view& text, std::string_view mark) {
  if (!text.starts_with(mark)) return false;
  text.remove_prefix(mark.size());
  skip_blanks(text);
  return true;
}

// The first words of a line: a name, what separates, a value.
Pair pair_of(std::string_view line) {
  line = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
  const std::size_t end = std::min(line.find_first_of(" \t=:"), line.find(kWideColon));
  Pair pair{.name = line.substr(0, end), .value = {}};
  if (end == line.npos) return pair;
  std::string_view rest = line.substr(end);
  skip_blanks(rest);
  const bool tab = skip(rest, "\t");
  const bool sign = skip(rest, "=") || skip(rest, ":") || skip(rest, kWideColon);
  if (sign) skip(rest, "\t");
  if (!tab && !sign && rest.empty()) return pair;
  pair.value = trim(rest.substr(0, end_of_cell(rest)));
  pair.unclear = pair.value->empty() && !trim(rest).empty();
  return pair;
}

// The same by the columns of the heading; and without one when a number stands before the name.
Pair pair_of(std::string_view line, const std::optional<Columns>& columns) {
  if (columns && line.find('\t') != line.npos) {
    const auto cells = cells_by_tabs(line);
    Pair pair{.name = columns->name < cells.size() ? cells[columns->name] : std::string_view{},
              .value = {}};
    if (columns->value < cells.size()) pair.value = cells[columns->value];
    return pair;
  }
  const Pair pair = pair_of(line);
  const bool numbered = std::ranges::all_of(pair.name, [](char c) { return c >= '0' && c <= '9'; });
  if (!numbered || pair.name.empty() || !pair.value) return pair;
  return pair_of(line.substr(line.find(pair.name) + pair.name.size()));
}

// ---- values

// RFC 3629 §4, as far as a text must be whole.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    const std::size_t more = lead < 0x80              ? 0
                             : (lead & 0xe0U) == 0xc0 ? 1
                             : (lead & 0xf0U) == 0xe0 ? 2
                             : (lead & 0xf8U) == 0xf0 ? 3
                                                      : text.size();
    if (lead == 0xc0 || lead == 0xc1 || more > text.size() - i) return false;
    for (std::size_t n = 0; n < more; ++n, ++i)
      if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80) return false;
  }
  return true;
}

struct Unit {
  std::string_view word;
  std::int64_t ms;
};
constexpr Unit kUnits[] = {
    {"ms", 1},           {"msec", 1},          {"millisecond", 1},  {"milliseconds", 1},
    {"s", 1'000},        {"sec", 1'000},       {"second", 1'000},   {"seconds", 1'000},
    {"min", 60'000},     {"minute", 60'000},   {"minutes", 60'000}, {"h", 3'600'000},
    {"hour", 3'600'000}, {"hours", 3'600'000},
};

// "600 s" of a duration, in its own unit.
std::optional<std::string> duration_with_unit(std::string_view number, std::string_view word,
                                              std::int64_t own_unit_ms) {
  const auto count = to_number<std::int64_t>(number);
  constexpr std::int64_t kMost = 1'000'000'000;
  if (!count || *count < 0 || *count > kMost) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (!equal_ignoring_case(unit.word, word)) continue;
    const std::int64_t ms = *count * unit.ms;
    if (ms % own_unit_ms != 0) return std::nullopt;
    return std::to_string(ms / own_unit_ms);
  }
  return std::nullopt;
}

// "5 retries", "5 retry" of a number that is counted in retries; "50 %" of percent.
bool counts_in(std::string_view unit, std::string_view word) {
  if (equal_ignoring_case(unit, word)) return true;
  if (unit == "percent" && word == "%") return true;
  return unit.ends_with('s') && equal_ignoring_case(unit.substr(0, unit.size() - 1), word);
}

// What VOS3000 writes where this program writes something else; nothing when it is none of these.
std::optional<std::string> as_vos3000_writes(const ParameterRow& row, std::string_view text) {
  const bool is_duration =
      row.type == ParameterType::DurationSeconds || row.type == ParameterType::DurationMilliseconds;
  const bool is_number = is_duration || row.type == ParameterType::Int;
  if (equal_ignoring_case(text, "none")) return is_number ? "0" : "";
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string_view word = trim(text.substr(digits));
  if (word.starts_with('(') && word.ends_with(')')) word = word.substr(1, word.size() - 2);
  if (!is_number || digits == 0 || word.empty()) return std::nullopt;
  const std::string_view number = text.substr(0, digits);
  if (is_duration)
    return duration_with_unit(number, word, row.type == ParameterType::DurationSeconds ? 1'000 : 1);
  if (counts_in(row.unit, word)) return std::string(number);
  return std::nullopt;
}

Result<std::string, ParameterFault> value_of(const ParameterRow& row, std::string_view text,
                                             bool ours) {
  auto value = canonical_value(row, text);
  if (ours) return value;
  // A text would take "None" as it stands.
  const bool nothing = equal_ignoring_case(text, "none") &&
                       (row.type == ParameterType::Text || row.type == ParameterType::List);
  if (value && !nothing) return value;
  const auto other = as_vos3000_writes(row, text);
  if (!other) return value;
  auto second = canonical_value(row, *other);
  return second ? std::move(second) : std::move(value);
}

// ---- the list

class Reader {
 public:
  void take(std::size_t number, std::string_view line) {
    if (trim(line).empty() || trim(line).starts_with('#')) return;
    if (!begun_) {
      begun_ = true;
      columns_ = columns_of(line);
      if (columns_) return;
    }
    take(number, pair_of(line, columns_));
  }
  void refuse(std::size_t line, std::string_view name, std::string_view value,
              const std::string& sentence) {
    list_.refused.push_back({line, std::string(name), std::string(value),
                             "line " + std::to_string(line) + ": " + sentence});
  }
  ParameterList list() && { return std::move(list_); }

 private:
  void take(std::size_t number, const Pair& pair) {
    const ParameterRow* row = find_parameter(pair.name);
    if (row == nullptr) {
      list_.unknown.push_back({number, std::string(pair.name.substr(0, kMaxShownName))});
      return;
    }
    const std::string name(row->name);
    if (!pair.value) return refuse(number, name, {}, name + " has no value");
    if (pair.unclear)
      return refuse(
          number, name, {},
          name + ": its value is empty or stands behind several tabs; write NAME = VALUE");
    if (!is_utf8(*pair.value)) return refuse(number, name, {}, name + ": its value is not UTF-8");
    const auto [first, is_new] = lines_.emplace(row, number);
    if (!is_new)
      return refuse(number, name, *pair.value,
                    name + " is given twice, first in line " + std::to_string(first->second));
    auto value = value_of(*row, *pair.value, columns_ && columns_->ours);
    if (!value) return refuse(number, name, *pair.value, value.error().sentence);
    list_.entries.push_back({number, row, *std::move(value)});
  }

  bool begun_ = false;
  std::optional<Columns> columns_;
  std::map<const ParameterRow*, std::size_t> lines_;
  ParameterList list_;
};

}  // namespace

ParameterList read_parameter_list(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Reader reader;
  std::size_t number = 0;
  for (std::string_view line; next_line(text, line);) {
    if (++number > kMaxParameterListLines) {
      reader.refuse(number, {}, {},
                    "a list may have " + std::to_string(kMaxParameterListLines) + " lines");
      break;
    }
    reader.take(number, line);
  }
  return std::move(reader).list();
}

}  // namespace tandem::directory
