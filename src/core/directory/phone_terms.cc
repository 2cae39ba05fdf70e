#include "core/directory/phone_terms.h"

namespace tandem::directory {

EgressGateway as_egress(const Phone& phone) {
  EgressGateway terms;
  terms.name = phone.name;
  terms.remote_ips = phone.remote_ips;
  terms.signal_port = phone.signal_port;
  terms.transport = phone.transport;
  terms.rules = phone.rules;
  terms.max_call_duration_lower = phone.max_call_duration_lower;
  terms.max_call_duration_upper = phone.max_call_duration_upper;
  return terms;
}

}  // namespace tandem::directory
