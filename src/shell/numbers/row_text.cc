#include "shell/numbers/row_text.h"

#include <algorithm>

#include "base/text.h"

namespace tandem::numbers {
namespace {

constexpr std::size_t kMaxWord = 8;

// The fields of a line one after the other, with the column each begins at.
class Fields {
 public:
  explicit Fields(std::string_view line) : rest_(line), more_(true) {}

  bool next() {
    if (!more_) return false;
    const std::size_t end = std::min(rest_.find_first_of(",;\t"), rest_.size());
    column = passed_ + 1;
    text = trim(rest_.substr(0, end));
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
      text = text.substr(1, text.size() - 2);
    }
    more_ = end < rest_.size();
    const std::size_t taken = end + (more_ ? 1 : 0);
    rest_.remove_prefix(taken);
    passed_ += taken;
    return true;
  }

  std::string_view text;
  std::size_t column = 1;

 private:
  std::string_view rest_;
  std::size_t passed_ = 0;
  bool more_;
};

bool read_word(std::string_view text, std::array<char, kMaxWord>& word) {
  const bool fits = text.size() <= kMaxWord && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (fits) std::ranges::copy(text, word.begin());
  return fits;
}

}  // namespace

bool is_heading(std::string_view line) {
  Fields fields(line);
  return fields.next() && equal_ignoring_case(fields.text, "number");
}

Result<Row, RowFault> read_row(std::string_view line) {
  Fields fields(line);
  Row row;
  auto fault = [&](std::string reason) { return Failure{RowFault{fields.column, std::move(reason)}}; };
  fields.next();
  std::string_view number = fields.text;
  if (number.ends_with('*')) number.remove_suffix(1);
  const auto key = lrn::key_of(number);
  if (!key) return fault("the number must be 1 to 18 digits, and may end with *");
  row.key = *key;
  if (fields.next() && !fields.text.empty()) {
    const auto lrn = lrn::key_of(fields.text);
    if (!lrn) return fault("the routing number must be 1 to 18 digits, or empty");
    row.entry.lrn = *lrn;
  }
  if (fields.next() && !read_word(fields.text, row.entry.state)) {
    return fault("the region must be at most 8 letters, digits or -");
  }
  if (fields.next() && !read_word(fields.text, row.entry.ocn)) {
    return fault("the company must be at most 8 letters, digits or -");
  }
  if (fields.next()) return fault("there are more than four columns");
  return row;
}

}  // namespace tandem::numbers
