// The forms of what entities say about numbers: dial plans, pairs, shares.
#include <algorithm>
#include <charconv>

#include "core/directory/entity_binding.h"
#include "core/directory/entity_forms.h"
#include "core/number/cleaning.h"
#include "core/number/dial_plan.h"
#include "core/number/number_set.h"

namespace tandem::directory {
namespace {

bool canonical_dial_plan(std::string_view text, std::string& to) {
  const auto plan = number::DialPlan::compile(text);
  if (plan.ok()) to = plan->text();
  return plan.ok();
}

std::string fault_of_dial_plan(std::string_view text) {
  const auto plan = number::DialPlan::compile(text);
  return plan.ok() ? std::string() : plan.error().text();
}

constexpr std::size_t kMaxEntryMemo = 128;
constexpr std::size_t kMaxFileName = 64;

// A number, and what the operator wants to know of it.
bool canonical_entry(std::string_view text, std::string& to) {
  const std::size_t blank = std::min(text.find(' '), text.size());
  const std::string_view number = text.substr(0, blank);
  std::string_view memo = text.substr(blank);
  while (memo.starts_with(' ')) memo.remove_prefix(1);
  while (memo.ends_with(' ')) memo.remove_suffix(1);
  to = number;
  if (!memo.empty()) to.append(" ").append(memo);
  const auto fits = [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != ',' && c != 0x7f; };
  return number::is_set_entry(number) && memo.size() <= kMaxEntryMemo &&
         std::ranges::all_of(memo, fits);
}

bool canonical_list_entry(std::string_view text, std::string& to) {
  return canonical_entry(text, to) && to.substr(0, to.find(' ')).find('*') == std::string::npos;
}

constexpr std::size_t kMaxAreaPrefix = 15;
constexpr std::size_t kMobilePrefix = 7;
constexpr std::size_t kMaxRangeDigits = 32;

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool canonical_area_prefix(std::string_view text, std::string& to) {
  to = text;
  return all_digits(text) && text.size() <= kMaxAreaPrefix;
}

bool canonical_mobile_prefix(std::string_view text, std::string& to) {
  to = text;
  return all_digits(text) && text.size() == kMobilePrefix;
}

bool canonical_number_range(std::string_view text, std::string& to) {
  NumberRange range;
  read_text(text, range);
  to = text_of(range);
  return all_digits(range.first) && all_digits(range.last) &&
         range.first.size() <= kMaxRangeDigits && range.first.size() == range.last.size() &&
         range.first <= range.last;
}

bool canonical_number_file(std::string_view text, std::string& to) {
  to = text;
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
  };
  return text.size() <= kMaxFileName && !text.starts_with('.') && std::ranges::all_of(text, fits);
}

constexpr std::int64_t kMaxProportion = 1'000'000;

bool is_prefix(std::string_view text) {
  return text.size() <= number::kMaxNumberLength && number::is_number(text, number::Letters::Allow);
}

bool canonical_pair(std::string_view text, std::string& to) {
  const std::size_t colon = text.find(':');
  to = text;
  return colon != std::string_view::npos && is_prefix(text.substr(0, colon)) &&
         is_prefix(text.substr(colon + 1));
}

bool parse_proportion(std::string_view text, ProportionalPrefix& prefix) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !is_prefix(text.substr(colon + 1))) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + colon, prefix.proportion);
  prefix.prefix = text.substr(colon + 1);
  return error == std::errc{} && end == text.data() + colon && prefix.proportion >= 0 &&
         prefix.proportion <= kMaxProportion;
}

bool canonical_proportion(std::string_view text, std::string& to) {
  ProportionalPrefix prefix;
  if (!parse_proportion(text, prefix)) return false;
  to = text_of(prefix);
  return true;
}

}  // namespace

constinit const TextForm kNumberPairForm{
    "caller:callee, the beginnings of two numbers, such as 025:010", canonical_pair};
constinit const TextForm kProportionForm{
    "proportion:prefix, a whole number from 0 to 1000000 and the beginning it puts in front, which "
    "may be empty: 70:a",
    canonical_proportion};
constinit const TextForm kNumberEntryForm{
    "a number of 1 to 64 digits, letters, # * +, where a * at the end stands for any rest; a memo of "
    "at most 128 bytes without comma may follow a blank",
    canonical_entry, ' '};
constinit const TextForm kListEntryForm{
    "a number of 1 to 64 digits, letters, # +; a memo of at most 128 bytes without comma may follow a "
    "blank",
    canonical_list_entry, ' '};
constinit const TextForm kAreaPrefixForm{"1 to 15 digits", canonical_area_prefix};
constinit const TextForm kMobilePrefixForm{"exactly 7 digits", canonical_mobile_prefix};
constinit const TextForm kNumberRangeForm{
    "first-last: two numbers of the same 1 to 32 digits, the first not above the last",
    canonical_number_range};
constinit const TextForm kNumberFileForm{
    "the name of a file that was imported: at most 64 of the characters 0-9 a-z . -, or empty",
    canonical_number_file};
constinit const TextForm kDialPlanForm{
    "a dial plan: original:target, several separated by commas (docs/operating/dial-plans.md)",
    canonical_dial_plan, 0, fault_of_dial_plan};

void read_text(std::string_view text, number::DialPlan& member) {
  auto plan = number::DialPlan::compile(text);
  if (plan.ok()) member = *std::move(plan);
}

std::string text_of(const NumberPair& pair) { return pair.caller + ':' + pair.callee; }

void read_text(std::string_view text, NumberPair& member) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  member.caller = text.substr(0, colon);
  member.callee = text.substr(std::min(colon + 1, text.size()));
}

std::string text_of(const NumberRange& range) {
  return range.first.empty() ? std::string() : range.first + '-' + range.last;
}

void read_text(std::string_view text, NumberRange& member) {
  const std::size_t dash = std::min(text.find('-'), text.size());
  member.first = text.substr(0, dash);
  member.last = text.substr(std::min(dash + 1, text.size()));
}

std::string text_of(const ProportionalPrefix& prefix) {
  return std::to_string(prefix.proportion) + ':' + prefix.prefix;
}

void read_text(std::string_view text, ProportionalPrefix& member) {
  parse_proportion(text, member);
}

}  // namespace tandem::directory
