#include "core/directory/number_lists.h"
#include "core/directory/number_rules.h"
#include "core/screening/screens.h"

namespace tandem::screening {
namespace {

Verdict by_lists(Screening& s, const std::optional<directory::ListVerdict>& refused) {
  if (!refused) return std::nullopt;
  if (refused->by != nullptr)
    facts::tell(s.trace, "number list", refused->by->name, "decides the number checks");
  return refused->reason;
}

}  // namespace

Verdict number_checks(Screening& s) {
  const std::string& caller = s.call.caller.routed;
  const std::string& callee = s.call.callee.routed;
  if (const auto* phone = s.directory.phone(s.call.phone))
    return by_lists(s, directory::refused_callee({s.directory, *phone, caller, callee}));
  const directory::IngressGateway* gateway = s.directory.ingress_gateway(s.call.ingress);
  if (gateway == nullptr) return std::nullopt;
  if (const Verdict refused = directory::refused_at_arrival(*gateway, {caller, callee}))
    return refused;
  return by_lists(s, directory::refused_by_lists({s.directory, *gateway, caller, callee}));
}

}  // namespace tandem::screening
