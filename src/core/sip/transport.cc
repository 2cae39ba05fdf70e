#include "core/sip/transport.h"

#include "base/text.h"

namespace tandem::sip {

Transport transport_named(std::string_view word) {
  for (const TransportRow& each : kTransports) {
    if (each.transport != Transport::Unknown && equal_ignoring_case(each.name, word)) {
      return each.transport;
    }
  }
  return Transport::Unknown;
}

}  // namespace tandem::sip
