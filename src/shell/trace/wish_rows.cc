#include "shell/trace/wish_rows.h"

#include "base/text.h"

namespace tandem::trace {
namespace {

bool read(std::string_view text, std::int64_t& value) {
  const auto number = to_number<std::int64_t>(text);
  value = number.value_or(0);
  return number.has_value();
}

bool read(std::string_view text, std::string& value) {
  value = text;
  return true;
}

bool read(std::string_view text, bool& value) {
  value = text == "true";
  return true;
}

bool read(std::string_view text, std::vector<std::string>& value) {
  value.clear();
  while (!text.empty()) {
    const std::string_view entry = text.substr(0, text.find(','));
    if (!trim(entry).empty()) value.emplace_back(trim(entry));
    text.remove_prefix(std::min(entry.size() + 1, text.size()));
  }
  return true;
}

std::string write(std::int64_t value) { return value == 0 ? "" : std::to_string(value); }

std::string write(const std::string& value) { return value; }

std::string write(bool value) { return value ? "true" : ""; }

std::string write(const std::vector<std::string>& value) {
  std::string text;
  for (const std::string& each : value) text += (text.empty() ? "" : ",") + each;
  return text;
}

}  // namespace

bool set_member(Wish& wish, const WishRow& row, std::string_view text) {
  return std::visit([&](auto member) { return read(text, wish.*member); }, row.member);
}

std::string text_of(const Wish& wish, const WishRow& row) {
  return std::visit([&](auto member) { return write(wish.*member); }, row.member);
}

}  // namespace tandem::trace
