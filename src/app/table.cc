#include "app/table.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace tandem::app {
namespace {

// Characters, not bytes, of UTF-8.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// What a peer sent must not steer the terminal.
std::string printable(std::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = '?';
  }
  return clean;
}

}  // namespace

std::vector<std::string> Table::headings() const {
  std::vector<std::string> cells;
  for (const Column& column : columns_) cells.emplace_back(column.heading);
  return cells;
}

std::string Table::line(const std::vector<std::string>& cells,
                        const std::vector<std::size_t>& widths) const {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = printable(cells[i]);
    const std::size_t gap = widths[i] - std::min(widths[i], width_of(cell));
    if (i > 0) out += "  ";
    if (columns_[i].align == Align::Right) out.append(gap, ' ');
    out += cell;
    if (columns_[i].align == Align::Left) out.append(gap, ' ');
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out + '\n';
}

std::string Table::text() const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) {
    widths.push_back(std::max(column.width, column.heading.size()));
  }
  for (const auto& cells : rows_) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(cells[i]));
    }
  }
  std::string out = line(headings(), widths);
  for (const auto& cells : rows_) out += line(cells, widths);
  return out;
}

std::string Table::heading() const { return row(headings()); }

std::string Table::row(const std::vector<std::string>& cells) const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) {
    widths.push_back(std::max(column.width, column.heading.size()));
  }
  return line(cells, widths);
}

std::string local_time(std::int64_t epoch_ms) {
  if (epoch_ms == 0) return "-";
  const std::time_t seconds = epoch_ms / 1000;
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  return text;
}

std::string clock_text(std::int64_t seconds) {
  char text[48];
  const auto hours = seconds / 3600;
  const int minutes = static_cast<int>(seconds / 60 % 60);
  const int rest = static_cast<int>(seconds % 60);
  if (hours > 0) {
    std::snprintf(text, sizeof text, "%lld:%02d:%02d", static_cast<long long>(hours), minutes,
                  rest);
  } else {
    std::snprintf(text, sizeof text, "%d:%02d", minutes, rest);
  }
  return text;
}

std::string duration_text(std::int64_t seconds) {
  const auto days = seconds / 86400;
  const auto hours = seconds / 3600 % 24;
  const auto minutes = seconds / 60 % 60;
  const auto count = [](std::int64_t number, const char* unit) {
    return std::to_string(number) + ' ' + unit;
  };
  if (days > 0) return count(days, days == 1 ? "day" : "days") + ' ' + count(hours, "h");
  if (hours > 0) return count(hours, "h") + ' ' + count(minutes, "min");
  if (minutes > 0) return count(minutes, "min") + ' ' + count(seconds % 60, "s");
  return count(seconds, "s");
}

}  // namespace tandem::app
