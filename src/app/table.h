// Rows of text in aligned columns, and the small texts that stand in them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::app {

enum class Align : std::uint8_t { Left, Right };

struct Column {
  std::string_view heading;
  Align align = Align::Left;
  std::size_t width = 0;  // at least; for tables that are printed row by row
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  // The heading and all rows; the heading alone when there are none.
  std::string text() const;
  std::string heading() const;
  std::string row(const std::vector<std::string>& cells) const;  // by the widths alone

 private:
  std::string line(const std::vector<std::string>& cells,
                   const std::vector<std::size_t>& widths) const;
  std::vector<std::string> headings() const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// "2026-01-31 12:00:00" in the time zone of this machine; "-" for 0.
std::string local_time(std::int64_t epoch_ms);
// "0:07", "12:34", "1:02:03"
std::string clock_text(std::int64_t seconds);
// "3 days 4 h", "12 min 5 s"
std::string duration_text(std::int64_t seconds);

}  // namespace tandem::app
