#include "core/directory/number_rules.h"
#include "core/screening/screens.h"

namespace tandem::screening {

Verdict number_checks(Screening& s) {
  const directory::IngressGateway* gateway = s.directory.ingress_gateway(s.call.ingress);
  if (gateway == nullptr) return std::nullopt;
  return directory::refused_at_arrival(*gateway, {s.call.caller.routed, s.call.callee.routed});
}

}  // namespace tandem::screening
