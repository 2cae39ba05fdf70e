// All parameter rows as one table.
#include <algorithm>

#include "core/directory/parameters_billing.h"
#include "core/directory/parameters_h323.h"
#include "core/directory/parameters_integration.h"
#include "core/directory/parameters_media.h"
#include "core/directory/parameters_operation.h"
#include "core/directory/parameters_registration.h"
#include "core/directory/parameters_routing.h"
#include "core/directory/parameters_security.h"
#include "core/directory/parameters_sip.h"

namespace tandem::directory {
namespace {

template <std::size_t... Sizes>
constexpr auto joined(const std::array<ParameterRow, Sizes>&... tables) {
  std::array<ParameterRow, (Sizes + ...)> all{};
  auto end = all.begin();
  ((end = std::copy(tables.begin(), tables.end(), end)), ...);
  return all;
}

constexpr auto kParameters =
    joined(rows::kSipParameters, rows::kRegistrationParameters, rows::kMediaParameters,
           rows::kRoutingParameters, rows::kH323Parameters, rows::kSecurityParameters,
           rows::kBillingParameters, rows::kIntegrationParameters, rows::kOperationParameters);

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

std::span<const ParameterRow> all_parameters() { return kParameters; }

const ParameterRow* find_parameter(std::string_view name_or_alias) {
  const auto is_named = [name_or_alias](std::string_view name) {
    return !name.empty() && std::ranges::equal(name, name_or_alias, {}, {}, upper);
  };
  for (const ParameterRow& row : kParameters)
    if (is_named(row.name) || is_named(row.alias)) return &row;
  return nullptr;
}

}  // namespace tandem::directory
