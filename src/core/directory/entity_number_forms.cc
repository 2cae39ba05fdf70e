// The forms of what entities say about numbers: dial plans, pairs, shares.
#include <charconv>

#include "core/directory/entity_binding.h"
#include "core/directory/entity_forms.h"
#include "core/number/cleaning.h"
#include "core/number/dial_plan.h"

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

std::string text_of(const ProportionalPrefix& prefix) {
  return std::to_string(prefix.proportion) + ':' + prefix.prefix;
}

void read_text(std::string_view text, ProportionalPrefix& member) {
  parse_proportion(text, member);
}

}  // namespace tandem::directory
