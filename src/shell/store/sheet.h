// Tables as text, as spreadsheets read and write them: comma-separated values (RFC 4180) and
// tab-separated values (IANA text/tab-separated-values), cell by cell with its place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::store {

enum class SheetForm : std::uint8_t { Csv, Tsv };

struct SheetPlace {
  std::size_t line = 1;    // from 1
  std::size_t column = 1;  // byte in the line, from 1
};
std::string to_text(SheetPlace place);  // "line 3, column 12"

struct SheetCell {
  std::string text;
  SheetPlace place;
};

struct SheetFault {
  SheetPlace place;
  std::string sentence;
};

// Reads row by row, so that very long ones need no memory of their own. A byte order mark in front and
// rows without any text are passed over. The text must outlive the reader.
class SheetReader {
 public:
  SheetReader(std::string_view text, SheetForm form);

  // False at the end or at a fault.
  bool next(std::vector<SheetCell>& row);
  const std::optional<SheetFault>& fault() const { return fault_; }

 private:
  bool read_row(std::vector<SheetCell>& row);
  bool read_quoted(std::string& cell);
  void read_plain(std::string& cell);
  bool at_line_end() const;
  void pass_line_end();
  SheetPlace place() const { return {line_, at_ - line_begin_ + 1}; }
  bool refuse(SheetPlace place, std::string sentence);

  std::string_view text_;
  SheetForm form_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_begin_ = 0;
  std::optional<SheetFault> fault_;
};

// One row with its line end. In TSV a tab or line end within a cell becomes a blank: it has no other way
// to write them.
void append_row(std::string& out, const std::vector<std::string>& cells, SheetForm form);

}  // namespace tandem::store
