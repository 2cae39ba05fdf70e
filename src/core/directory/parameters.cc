#include "core/directory/parameters.h"

#include <optional>

#include "core/directory/near_names.h"

namespace tandem::directory {
namespace {

using Values = std::map<std::string_view, std::string>;  // name of the row -> canonical value

std::string_view value_of(const Values& values, std::string_view name) {
  const auto found = values.find(name);
  return found == values.end() ? find_parameter(name)->initial : std::string_view(found->second);
}

std::int64_t number_of(const Values& values, std::string_view name) {
  std::int64_t number = 0;
  parse_decimal(value_of(values, name), 0, number);
  return number;
}

// Two parameters that must fit each other: upper >= lower + distance.
struct Pair {
  std::string_view lower;
  std::string_view upper;
  std::int64_t distance;
  std::string_view rule;
};
constexpr Pair kPairs[] = {
    {"SS_RTP_PORT_LOW", "SS_RTP_PORT_HIGH", 3, "must be at least SS_RTP_PORT_LOW + 3"},
    {"SS_H323_H245_PORT_LOW", "SS_H323_H245_PORT_HIGH", 0,
     "must not be below SS_H323_H245_PORT_LOW"},
    {"SS_GATEWAY_QUALITY_RESERVE_SEPARATE", "SS_GATEWAY_QUALITY_RESERVE_TIME", 0,
     "must be at least one second for each of SS_GATEWAY_QUALITY_RESERVE_SEPARATE"},
};

std::optional<ParameterFault> contradiction(const Values& values) {
  for (const Pair& pair : kPairs) {
    if (number_of(values, pair.upper) >= number_of(values, pair.lower) + pair.distance) continue;
    const std::string value(value_of(values, pair.upper));
    return ParameterFault{std::string(pair.upper), value,
                          std::string(pair.upper) + ": " + value + " is not allowed; it " +
                              std::string(pair.rule) + " (" +
                              std::string(value_of(values, pair.lower)) + ")"};
  }
  return std::nullopt;
}

}  // namespace

Parameters::Parameters() {
  for (const ParameterRow& row : all_parameters())
    if (row.available()) row.assign(*this, row, row.initial);
}

Result<Parameters, ParameterFault> build_parameters(
    const std::map<std::string, std::string>& values) {
  Values canonical;
  for (const auto& [name, text] : values) {
    const ParameterRow* row = find_parameter(name);
    if (row == nullptr)
      return Failure{ParameterFault{name, text, no_such_parameter(name)}};
    auto value = canonical_value(*row, text);
    if (!value) return Failure{value.error()};
    canonical[row->name] = *std::move(value);
  }
  if (auto fault = contradiction(canonical)) return Failure{*std::move(fault)};

  Parameters parameters;
  for (const auto& [name, value] : canonical) {
    const ParameterRow& row = *find_parameter(name);
    if (row.available()) row.assign(parameters, row, value);
  }
  return parameters;
}

}  // namespace tandem::directory
