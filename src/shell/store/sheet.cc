#include "shell/store/sheet.h"

#include <algorithm>

namespace tandem::store {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

char separator_of(SheetForm form) { return form == SheetForm::Csv ? ',' : '\t'; }

}  // namespace

std::string to_text(SheetPlace place) {
  return "line " + std::to_string(place.line) + ", column " + std::to_string(place.column);
}

SheetReader::SheetReader(std::string_view text, SheetForm form) : text_(text), form_(form) {
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
}

bool SheetReader::next(std::vector<SheetCell>& row) {
  while (!fault_ && at_ < text_.size()) {
    if (!read_row(row)) return false;
    const auto empty = [](const SheetCell& cell) { return cell.text.empty(); };
    if (!std::ranges::all_of(row, empty)) return true;
  }
  return false;
}

bool SheetReader::read_row(std::vector<SheetCell>& row) {
  row.clear();
  while (true) {
    SheetCell& cell = row.emplace_back();
    cell.place = place();
    if (form_ == SheetForm::Csv && at_ < text_.size() && text_[at_] == '"') {
      if (!read_quoted(cell.text)) return false;
    } else {
      read_plain(cell.text);
    }
    if (at_ == text_.size()) return true;
    if (at_line_end()) {
      pass_line_end();
      return true;
    }
    if (text_[at_] != separator_of(form_)) {
      return refuse(place(), "text behind the closing quote of a cell");
    }
    ++at_;
    // A separator at the very end opens one more cell, which is empty.
    if (at_ == text_.size()) {
      row.push_back({{}, place()});
      return true;
    }
  }
}

bool SheetReader::read_quoted(std::string& cell) {
  const SheetPlace begin = place();
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '"' && (at_ + 1 == text_.size() || text_[at_ + 1] != '"')) {
      ++at_;
      return true;
    }
    if (c == '"') ++at_;
    if (c == '\n') {
      ++line_;
      line_begin_ = at_ + 1;
    }
    cell += c;
  }
  return refuse(begin, "a quote that is not closed");
}

void SheetReader::read_plain(std::string& cell) {
  const std::size_t begin = at_;
  while (at_ < text_.size() && text_[at_] != separator_of(form_) && !at_line_end()) ++at_;
  cell = text_.substr(begin, at_ - begin);
}

bool SheetReader::at_line_end() const {
  return text_[at_] == '\n' || (text_[at_] == '\r' && text_.substr(at_).starts_with("\r\n"));
}

void SheetReader::pass_line_end() {
  at_ += text_[at_] == '\r' ? 2 : 1;
  ++line_;
  line_begin_ = at_;
}

bool SheetReader::refuse(SheetPlace place, std::string sentence) {
  fault_ = SheetFault{place, std::move(sentence)};
  return false;
}

void append_row(std::string& out, const std::vector<std::string>& cells, SheetForm form) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i != 0) out += separator_of(form);
    const std::string& cell = cells[i];
    if (form == SheetForm::Tsv) {
      for (const char c : cell) out += c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
      continue;
    }
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
      out += cell;
      continue;
    }
    out += '"';
    for (const char c : cell) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += form == SheetForm::Csv ? "\r\n" : "\n";
}

}  // namespace tandem::store
