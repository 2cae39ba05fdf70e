#include "core/directory/number_classes.h"
#include "core/directory/number_lists.h"
#include "core/directory/number_rules.h"
#include "core/screening/screens.h"

namespace tandem::screening {
namespace {

using directory::IngressGateway;

struct Numbers {
  const std::string& caller;
  const std::string& callee;
};

Verdict by_lists(Screening& s, const std::optional<directory::ListVerdict>& refused) {
  if (!refused) return std::nullopt;
  if (refused->by != nullptr)
    facts::tell(s.trace, "number list", refused->by->name, "decides the number checks");
  return refused->reason;
}

// A number that is no longer in use: its section tells what it became.
Verdict changed(Screening& s, const Numbers& numbers) {
  const std::string_view now = s.directory.whereabouts(numbers.callee).changed_to;
  if (now.empty()) return std::nullopt;
  facts::tell(s.trace, "callee", numbers.callee, "is now " + std::string(now));
  return cause::EndReason::GeoNumberChanged;
}

Verdict by_rules(Screening& s, const IngressGateway& gateway, const Numbers& numbers) {
  const directory::CallNumbers both{numbers.caller, numbers.callee};
  const directory::ClassQuestion classes{s.directory, gateway, numbers.caller, numbers.callee};
  if (const Verdict refused = directory::refused_lengths(gateway, both)) return refused;
  if (const Verdict refused = directory::refused_class(classes)) return refused;
  return directory::refused_prefixes(gateway, both);
}

Verdict by_areas(Screening& s, const IngressGateway& gateway, const Numbers& numbers) {
  const Verdict refused = directory::refused_same_city(s.directory, gateway, numbers.caller,
                                                       numbers.callee);
  if (refused) return refused;
  return directory::refused_mobile_area({s.directory, gateway, numbers.caller, numbers.callee});
}

}  // namespace

// In the order of call-handling.md 2.3.
Verdict number_checks(Screening& s) {
  if (is_emergency(s)) {
    facts::tell(s.trace, "callee", s.call.callee.routed, "an emergency number");
    return std::nullopt;
  }
  const Numbers numbers{s.call.caller.routed, s.call.callee.routed};
  if (const Verdict refused = changed(s, numbers)) return refused;
  if (const auto* phone = s.directory.phone(s.call.phone))
    return by_lists(
        s, directory::refused_callee({s.directory, *phone, numbers.caller, numbers.callee}));
  const IngressGateway* gateway = s.directory.ingress_gateway(s.call.ingress);
  if (gateway == nullptr) return std::nullopt;
  Verdict refused = by_rules(s, *gateway, numbers);
  if (!refused) {
    refused = by_lists(
        s, directory::refused_by_lists({s.directory, *gateway, numbers.caller, numbers.callee}));
  }
  return refused ? refused : by_areas(s, *gateway, numbers);
}

}  // namespace tandem::screening
