#include "app/trace_wish.h"

#include "app/reply.h"
#include "base/text.h"
#include "shell/trace/wish_rows.h"

namespace tandem::app {

void add_wish_options(CLI::App& command, WishOptions& options) {
  for (const trace::WishRow& row : trace::kWishRows) {
    const std::string option(row.option);
    std::string help(row.help);
    if (help.ends_with('.')) help.pop_back();
    if (std::holds_alternative<bool trace::Wish::*>(row.member)) {
      command.add_flag(option, options.flags[std::string(row.name)], help);
      continue;
    }
    const bool number = std::holds_alternative<std::int64_t trace::Wish::*>(row.member);
    CLI::Option* added = command.add_option(option, options.texts[std::string(row.name)], help);
    if (number) added->check(CLI::Range(std::int64_t{1}, INT64_MAX))->type_name("INT");
  }
}

http::Fields fields_of(const WishOptions& options) {
  http::Fields fields;
  for (const auto& [name, text] : options.texts) fields.emplace_back(name, text);
  for (const auto& [name, set] : options.flags) fields.emplace_back(name, set ? "true" : "");
  return fields;
}

std::string wish_text(const boost::json::object& trace) {
  const boost::json::value* wish = trace.if_contains("wish");
  std::string text;
  if (wish == nullptr || !wish->is_object()) return text;
  for (const auto& member : wish->as_object()) {
    if (!text.empty()) text += ' ';
    text += member.key();
    if (!member.value().is_bool()) text += '=' + plain(member.value());
  }
  return text.empty() ? "everything" : text;
}

std::optional<std::chrono::seconds> parse_duration(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const char unit = text.back();
  const std::int64_t factor = unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : 0;
  const auto number =
      to_number<std::int64_t>(std::string_view(text).substr(0, text.size() - (factor != 0)));
  if (!number || *number <= 0 || *number > 1'000'000) return std::nullopt;
  return std::chrono::seconds(*number * (factor == 0 ? 1 : factor));
}

}  // namespace tandem::app
