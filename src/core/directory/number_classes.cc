#include "core/directory/number_classes.h"

#include <algorithm>

namespace tandem::directory {
namespace {

using cause::EndReason;
using Verdict = std::optional<EndReason>;

struct Classes {
  bool checked;
  bool city;
  bool mobile;
  bool other;
};

bool passes(const Directory& directory, const Classes& classes, std::string_view number) {
  if (!classes.checked) return true;
  switch (directory.whereabouts(number).number_class) {
    case NumberClass::City:
      return classes.city;
    case NumberClass::Mobile:
      return classes.mobile;
    case NumberClass::Other:
      break;
  }
  return classes.other;
}

bool lists(const std::vector<std::string>& codes, std::string_view code) {
  return std::ranges::find(codes, code) != codes.end();
}

}  // namespace

Verdict refused_class(const ClassQuestion& question) {
  const Gateway& gateway = question.gateway;
  const Classes caller{gateway.caller_class_check, gateway.caller_class_city,
                       gateway.caller_class_mobile, gateway.caller_class_other};
  if (!passes(question.directory, caller, question.caller)) return EndReason::CallerFormatDenied;
  const Classes callee{gateway.callee_class_check, gateway.callee_class_city,
                       gateway.callee_class_mobile, gateway.callee_class_other};
  if (!passes(question.directory, callee, question.callee)) return EndReason::CalleeFormatDenied;
  return std::nullopt;
}

Verdict refused_mobile_area(const ClassQuestion& question) {
  const Gateway& gateway = question.gateway;
  if (gateway.mobile_areas.empty()) return std::nullopt;
  const Whereabouts callee = question.directory.whereabouts(question.callee);
  if (callee.number_class != NumberClass::Mobile) return std::nullopt;
  const bool listed = lists(gateway.mobile_areas, callee.area_code);
  if (listed == (gateway.mobile_area_mode == RuleMode::Allow)) return std::nullopt;
  return EndReason::MobileAreaDenied;
}

// Calls between areas, and of numbers whose area nobody knows, are none within a city.
Verdict refused_same_city(const Directory& directory, const IngressGateway& gateway,
                          std::string_view caller, std::string_view callee) {
  if (gateway.same_city_codes.empty()) return std::nullopt;
  const std::string_view city = directory.whereabouts(caller).area_code;
  if (city.empty() || directory.whereabouts(callee).area_code != city) return std::nullopt;
  const bool listed = lists(gateway.same_city_codes, city);
  if (listed == (gateway.same_city_mode == RuleMode::Allow)) return std::nullopt;
  return EndReason::SameCityDenied;
}

std::string_view mobile_prefix_of(const Directory& directory, const Device& device,
                                  std::string_view number) {
  if (device.mobile_prefix_mode == MobilePrefix::Off) return {};
  const Whereabouts found = directory.whereabouts(number);
  if (found.number_class != NumberClass::Mobile || found.area_code.empty()) return {};
  const bool listed = lists(device.mobile_prefix_areas, found.area_code);
  return listed == (device.mobile_prefix_mode == MobilePrefix::Listed) ? found.area_code
                                                                       : std::string_view();
}

}  // namespace tandem::directory
